import type { NodeEnv } from '../config.js';
import type { EnvironmentProblem } from '../environment-error.js';
import type { ValuesRead } from '../reading/read-values.js';
import { VARIABLE_NAMES, variable } from '../variables/index.js';
import { connectionOf } from './connection.js';

const MIN_SECRET_LENGTH = 32;
const SIGNING_KEYS = [
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'REFRESH_TOKEN_SECRET',
  'REFRESH_TOKEN_SECRET_PREVIOUS',
] as const;

/** What everybody tries first. */
const WELL_KNOWN = new Set(['postgres', 'password', 'secret', 'changeme', 'change-me', 'admin', 'example', 'test']);

/** Values that are fine by themselves but not together, or not in production. */
export function brokenRules({ values, said }: ValuesRead, nodeEnv: NodeEnv): EnvironmentProblem[] {
  const problems: EnvironmentProblem[] = [];
  const { DB_POOL_MIN: min = 0, DB_POOL_SIZE: max = Infinity } = values;
  if (min > max) {
    problems.push({ variable: said.DB_POOL_MIN?.as ?? 'DB_POOL_MIN', problem: 'must not be above DB_POOL_SIZE' });
  }
  if (nodeEnv !== 'production') return problems;
  for (const name of SIGNING_KEYS) {
    if ((values[name]?.length ?? MIN_SECRET_LENGTH) < MIN_SECRET_LENGTH) {
      const problem = `must have at least ${MIN_SECRET_LENGTH} characters in production: openssl rand -base64 32 makes one`;
      problems.push({ variable: said[name]?.as ?? name, problem });
    }
  }
  if (values.REFRESH_TOKEN_SECRET !== undefined && values.REFRESH_TOKEN_SECRET === values.JWT_SECRET) {
    const problem = `must be another one than ${said.JWT_SECRET?.as ?? 'JWT_SECRET'} in production: a refresh token would pass as access token`;
    problems.push({ variable: 'REFRESH_TOKEN_SECRET', problem });
  }
  if (values.DB_SYNCHRONIZE === true) {
    problems.push({
      variable: 'DB_SYNCHRONIZE',
      problem: 'must be false in production, where it can drop columns with their data: use migrations',
    });
  }
  return problems;
}

/** Combinations that work but were hardly meant. */
export function doubtfulValues({ values }: ValuesRead, nodeEnv: NodeEnv): string[] {
  const warnings: string[] = [];
  if ((values.GOOGLE_CLIENT_ID === undefined) !== (values.GOOGLE_CLIENT_SECRET === undefined)) {
    const missing = values.GOOGLE_CLIENT_ID === undefined ? 'GOOGLE_CLIENT_ID' : 'GOOGLE_CLIENT_SECRET';
    warnings.push(`${missing} is missing: sign-in with Google stays off`);
  }
  if (nodeEnv === 'production') warnings.push(...guessableSecrets(values));
  return warnings;
}

function guessableSecrets(values: ValuesRead['values']): string[] {
  const used: Record<string, unknown> = { ...values };
  // With a URL, the password is the one inside of it.
  if (values.DATABASE_URL !== undefined) {
    used.DB_PASSWORD = undefined;
    used.DATABASE_URL = connectionOf(values.DATABASE_URL).password;
  }
  return VARIABLE_NAMES.filter((name) => variable(name).secret !== undefined && WELL_KNOWN.has(String(used[name]))).map(
    (name) => `${name} in production has a password that everybody tries first`,
  );
}
