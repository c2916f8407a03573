/** What stands in variables by mistake: inputs 167 to 190 of the corpus. */
export interface HostileEnvironment {
  readonly id: number;
  readonly what: string;
  readonly env: Readonly<Record<string, string>>;
  /** Expected: what is refused, by name and never by value; nothing when it is left out. */
  readonly refused?: readonly string[];
  /** Expected of what is taken: settings by their path. */
  readonly taken?: Readonly<Record<string, unknown>>;
  /** Expected: a warning that says this. */
  readonly warned?: string;
}

/** What production wants; none of it is the input. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  DB_PASSWORD: 'c4n4ry-of-the-database',
  JWT_SECRET: 'c4n4ry-of-access-tokens-of-32-bytes',
  REFRESH_TOKEN_SECRET: 'c4n4ry-of-refresh-tokens-of-32-bytes',
};

const NUMBERS = [
  'PORT',
  'DB_POOL_SIZE',
  'RATE_LIMIT_MAX',
  'SHUTDOWN_TIMEOUT_MS',
  'HEALTH_CHECK_CACHE_TTL',
  'LOG_SLOW_QUERY_THRESHOLD',
];

function number(id: number, text: string, names = NUMBERS): HostileEnvironment {
  return {
    id,
    what: `the number ${text.slice(0, 20)}`,
    env: Object.fromEntries(names.map((name) => [name, text])),
    refused: names,
  };
}

function refused(id: number, what: string, env: Readonly<Record<string, string>>): HostileEnvironment {
  return { id, what, env, refused: Object.keys(env) };
}

const url = (id: number, what: string, DATABASE_URL: string): HostileEnvironment => refused(id, what, { DATABASE_URL });
const word = (id: number, name: string, text: string): HostileEnvironment =>
  refused(id, `${name}=${text}`, { [name]: text });

function boolean(id: number, text: string, isOn: boolean): HostileEnvironment {
  return {
    id,
    what: `${JSON.stringify(text)} for a yes or a no`,
    env: { LOG_REQUESTS: text },
    taken: { 'log.requests': isOn },
  };
}

export const ENVIRONMENT: readonly HostileEnvironment[] = [
  {
    id: 167,
    what: 'nothing',
    env: { PORT: '', DB_HOST: '', JWT_SECRET: '' },
    taken: { port: 3000, 'database.host': 'localhost', 'auth.jwtSecret': undefined },
  },
  { id: 167, what: 'a blank', env: { PORT: ' ', RATE_LIMIT_MAX: ' \t' }, taken: { port: 3000, 'rateLimit.max': 100 } },
  number(168, '5s', ['PORT', 'DB_POOL_SIZE', 'RATE_LIMIT_MAX']),
  // The paper has it refused: a time may have its unit (CFG-37, CFG-38).
  { id: 168, what: 'a time of 5s', env: { SHUTDOWN_TIMEOUT_MS: '5s' }, taken: { 'shutdown.timeoutMs': 5000 } },
  ...['1_000'].map((text) => number(169, text)),
  ...['5,000'].map((text) => number(170, text)),
  ...['0x10', '0b11'].map((text) => number(171, text)),
  number(172, '1e3'),
  number(173, 'Infinity'),
  number(174, '-1'),
  number(175, '5.5'),
  ...['٣', '５'].map((text) => number(176, text)),
  ...['99999999999', '2147483648'].map((text) =>
    number(177, text, ['PORT', 'SHUTDOWN_TIMEOUT_MS', 'DB_POOL_IDLE_TIMEOUT', 'RATE_LIMIT_WINDOW_MS']),
  ),
  number(178, '9007199254740993'),
  ...['true ', 'TRUE', 'yes', '1'].map((text) => boolean(179, text, true)),
  boolean(179, 'off', false),
  { id: 180, what: 'a port that is free', env: { PORT: '0' }, taken: { port: 0 } },
  word(180, 'PORT', '65536'),
  { id: 180, what: 'a port with a line break behind it', env: { PORT: '3001\n' }, taken: { port: 3001 } },
  word(180, 'PORT', '/tmp/sock'),
  ...['VERBOSE', '__proto__', 'silent'].map((text) => word(181, 'LOG_LEVEL', text)),
  {
    id: 182,
    what: 'Production',
    env: { ...PRODUCTION, NODE_ENV: 'Production' },
    taken: { nodeEnv: 'production', isProduction: true },
    // Express takes it for another word.
    warned: 'NODE_ENV',
  },
  url(183, 'an @ in the password', 'postgres://u:c4n4ry@c4n4ry@h/d'),
  url(183, 'a % in the password', 'postgres://u:c4n4ry%@h/d'),
  url(183, 'a # in the password', 'postgres://u:c4n4ry#c4n4ry@h/d'),
  url(183, 'no scheme', 'u:c4n4ry@h/d'),
  {
    id: 183,
    what: 'a socket in the query',
    env: { DATABASE_URL: 'postgres://u:c4n4ry@h/d?sslmode=disable&host=/x' },
    taken: { 'database.host': '/x', 'database.ssl': false },
  },
  word(185, 'PORT', '30\\0'),
  {
    id: 185,
    what: 'a backslash and a zero in a password',
    env: { DB_PASSWORD: 'c4n4ry\\0' },
    taken: { 'database.password': 'c4n4ry\\0' },
  },
  ...['true', '1', '10.0.0.0/8,garbage'].map((text) => word(186, 'TRUST_PROXY', text)),
  { id: 187, what: 'an empty key', env: { JWT_SECRET: '', LLM_API_KEY: '' }, taken: { 'auth.jwtSecret': undefined } },
  { id: 187, what: 'a key of spaces', env: { JWT_SECRET: '   ' }, taken: { 'auth.jwtSecret': undefined } },
  {
    ...refused(187, 'changeme for what signs tokens', { ...PRODUCTION, JWT_SECRET: 'changeme' }),
    refused: ['JWT_SECRET'],
  },
  {
    id: 187,
    what: 'changeme for the key of another service',
    env: { ...PRODUCTION, LLM_API_KEY: 'changeme' },
    warned: 'LLM_API_KEY',
  },
  // No variable is JSON: lists are separated by commas.
  refused(188, 'JSON that is cut off', {
    CORS_ORIGINS: '["https://c4n4ry.example"',
    HEALTH_STATUS_WORDS: '["c4n4ry","bad"',
  }),
  refused(188, 'JSON for a name', { SENSITIVE_FIELDS: '{"c4n4ry":' }),
  refused(189, '100 kB', {
    DB_PASSWORD: 'c4n4ry'.repeat(17_000),
    LOG_LEVEL: 'c4n4ry'.repeat(17_000),
    DATABASE_URL: `postgres://u:${'c4n4ry'.repeat(17_000)}@h/d`,
  }),
  {
    id: 190,
    what: 'a name with a slip',
    env: { OPS_PROFIL: 'c4n4ry' },
    warned: 'OPS_PROFIL is not a known variable: did you mean OPS_PROFILE?',
  },
  {
    id: 190,
    what: 'a name that is nobody’s',
    env: { OPS_THING: 'c4n4ry' },
    warned: 'OPS_THING is not a known variable',
  },
];

/** Input 184: what an editor of another system makes of `.env`. Read as if it were not so. */
export const ENVIRONMENT_FILES: readonly { readonly id: number; readonly what: string; readonly content: Buffer }[] = [
  { id: 184, what: 'a byte order mark', content: Buffer.from('\ufeffPORT=3101\nDB_NAME=c4n4ry\n') },
  { id: 184, what: 'CRLF', content: Buffer.from('PORT=3101\r\nDB_NAME=c4n4ry\r\n') },
  { id: 184, what: 'UTF-16', content: Buffer.from('\ufeffPORT=3101\r\nDB_NAME=c4n4ry\r\n', 'utf16le') },
];

/** The numbers of 167 to 178 as a program hands them to an option: none is a time in milliseconds. */
export const NO_TIMES: readonly (readonly [id: number, value: unknown])[] = [
  [167, ''],
  [167, ' '],
  [168, '5s'],
  [169, '1_000'],
  [170, '5,000'],
  [171, '0x10'],
  [172, '1e3'],
  [173, Infinity],
  [174, -1],
  [175, 5.5],
  [176, '５'],
  [177, 2_147_483_648],
  [178, 2 ** 53],
  [178, NaN],
];
