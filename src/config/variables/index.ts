import { ACCESS_VARIABLES } from './access.js';
import { ALERT_VARIABLES } from './alerts.js';
import { BACKUP_VARIABLES } from './backups.js';
import { DATABASE_VARIABLES } from './database.js';
import { LOG_VARIABLES } from './logging.js';
import { METRICS_VARIABLES } from './metrics.js';
import { HEALTH_VARIABLES } from './observability.js';
import { SERVER_VARIABLES } from './server.js';
import { REDIS_VARIABLES, SERVICE_VARIABLES } from './services.js';
import type { SettingPath, Variable } from './variable.js';

/** The one table: parsing, refusals, printing, `.env.example` and the documentation all come from it. */
const VARIABLES = Object.freeze({
  ...SERVER_VARIABLES,
  ...DATABASE_VARIABLES,
  ...BACKUP_VARIABLES,
  ...REDIS_VARIABLES,
  ...ACCESS_VARIABLES,
  ...LOG_VARIABLES,
  ...HEALTH_VARIABLES,
  ...METRICS_VARIABLES,
  ...SERVICE_VARIABLES,
  ...ALERT_VARIABLES,
});

/** @useDeclaredType */
export type VariableName = keyof typeof VARIABLES;

/** What the variables say once they are read; missing when nothing was said and there is no default. */
export type Values = {
  [Name in VariableName]?: (typeof VARIABLES)[Name] extends Variable<infer Value> ? Value : never;
};

// Object.keys of a frozen literal are the keys of its type.
export const VARIABLE_NAMES = Object.keys(VARIABLES) as VariableName[];

/** The same table without the types of the single values: for walking over it. */
export function variable(name: VariableName): Variable {
  return VARIABLES[name];
}

/**
 * Does not compile while a setting exists that no variable leads to.
 * @public nobody imports it; the compiler reads it
 */
export type Unreachable = None<
  Exclude<
    SettingPath,
    (typeof VARIABLES)[VariableName]['setting'] | 'isProduction' | 'database.isConfigured' | 'warnings'
  >
>;
type None<Path extends never> = Path;
