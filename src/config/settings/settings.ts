import type { Config } from '../config.js';
import { NO_FOLDER } from '../kinds/words.js';
import type { ValuesRead } from '../reading/read-values.js';
import { VARIABLE_NAMES, variable } from '../variables/index.js';
import { databaseSettings } from './database.js';
import { redisSettings } from './redis.js';
import { doubtfulValues } from './rules.js';

/** Everything said, put where it belongs. Only for values without a problem. */
export function settingsOf(read: ValuesRead): Config {
  const direct = wholeSettings(read.values);
  const database = databaseSettings(direct.database, read);
  const redis = redisSettings(read);
  return {
    ...direct,
    isProduction: direct.nodeEnv === 'production',
    database: database.settings,
    ...(redis.redis === undefined ? {} : { redis: redis.redis }),
    auth: { ...direct.auth, ...googleSettings(read.values) },
    log: logSettings(direct.log, read),
    warnings: [...read.warnings, ...database.warnings, ...redis.warnings, ...doubtfulValues(read, direct.nodeEnv)],
  };
}

function wholeSettings(values: ValuesRead['values']): Config {
  const settings = {};
  for (const name of VARIABLE_NAMES) {
    const { isWhole, setting } = variable(name);
    if (isWhole && values[name] !== undefined) place(settings, setting.split('.'), values[name]);
  }
  // `whole()` compared every kind and default with Config; what is made of parts is added by the caller.
  return settings as Config;
}

function place(settings: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    settings[key] = value;
    return;
  }
  // Only this function puts something there.
  const inner = (settings[key] ??= {}) as Record<string, unknown>;
  place(inner, rest, value);
}

function googleSettings(values: ValuesRead['values']): Pick<Config['auth'], 'google'> {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = values;
  return clientId === undefined || clientSecret === undefined ? {} : { google: { clientId, clientSecret } };
}

function logSettings({ dir, ...log }: Config['log'], read: ValuesRead): Config['log'] {
  return { ...log, ...(dir === undefined || dir === NO_FOLDER ? {} : { dir }), format: logFormat(read) };
}

/** LOG_FORMAT before LOG_PRETTY, but a more insistent source before both. */
function logFormat({ values, said }: ValuesRead): Config['log']['format'] {
  const formatRank = said.LOG_FORMAT?.source.rank ?? Infinity;
  const prettyRank = said.LOG_PRETTY?.source.rank ?? Infinity;
  if (prettyRank < formatRank) return values.LOG_PRETTY === true ? 'pretty' : 'json';
  return values.LOG_FORMAT ?? 'json';
}
