export const NODE_ENVS = ['development', 'staging', 'production', 'test'] as const;
export type NodeEnv = (typeof NODE_ENVS)[number];
export const DEFAULT_NODE_ENV: NodeEnv = 'development';

export const LOG_LEVEL_WORDS = ['debug', 'http', 'info', 'warn', 'error', 'fatal'] as const;
export const LOG_FORMATS = ['json', 'pretty'] as const;
export const HEALTH_FORMATS = ['details', 'checks', 'words', 'flat'] as const;

/**
 * What the environment says, checked and typed. What each setting means stands with its variable in `ENVIRONMENT_VARIABLES`;
 * the compiler compares the two (`variables/variable.ts`).
 */
export interface Config {
  readonly nodeEnv: NodeEnv;
  readonly isProduction: boolean;
  /** Name of the profile; which data it stands for is the service's own affair. */
  readonly profile: string;
  readonly host: string;
  readonly port: number;
  /** Without slashes at its ends; empty when routes have no prefix. */
  readonly apiPrefix: string;
  /** For `app.set('trust proxy', …)`. */
  readonly trustProxy: string[];
  readonly devRoutes: boolean;
  readonly database: DatabaseSettings;
  readonly redis?: { readonly url: string };
  readonly auth: AuthSettings;
  readonly cors: { readonly origins: string[] };
  readonly log: LogSettings;
  readonly health: HealthSettings;
  readonly rateLimit: { readonly max: number; readonly windowMs: number };
  readonly shutdown: { readonly delayMs: number; readonly timeoutMs: number };
  readonly embeddedPostgresDir: string;
  readonly sentryDsn?: string;
  readonly supabaseUrl?: string;
  readonly backupDir: string;
  readonly pineconeApiKey?: string;
  readonly llmApiKey?: string;
  /** What does not stop the start but deserves a log line. Holds no values, so it can be printed. */
  readonly warnings: string[];
}

interface DatabaseSettings {
  /** Whether somebody named a server: by environment, `.env` or option. Defaults and profiles do not count. */
  readonly isConfigured: boolean;
  /** As given, or made of the parts; `host` … `password` agree with it, empty where it leaves them to the driver. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
  readonly ssl: boolean;
  readonly synchronize: boolean;
  readonly logging: boolean;
  readonly poolMax: number;
  readonly poolMin: number;
  readonly idleTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

interface AuthSettings {
  readonly jwtSecret?: string;
  readonly jwtSecretPrevious?: string;
  readonly refreshTokenSecret?: string;
  readonly jwtExpiresInSeconds: number;
  readonly refreshTokenExpiresInSeconds: number;
  readonly google?: { readonly clientId: string; readonly clientSecret: string };
}

interface LogSettings {
  readonly level: (typeof LOG_LEVEL_WORDS)[number];
  readonly format: (typeof LOG_FORMATS)[number];
  readonly includeTimestamp: boolean;
  readonly includeHostname: boolean;
  readonly redactSensitive: boolean;
  readonly skipHealthCheck: boolean;
  readonly requests: boolean;
  /** Nowhere when absent: standard output only. */
  readonly dir?: string;
  readonly slowQueryThresholdMs: number;
  readonly slowHttpThresholdMs: number;
}

interface HealthSettings {
  readonly format: (typeof HEALTH_FORMATS)[number];
  readonly timeoutMs: number;
  readonly cacheTtlMs: number;
  readonly memoryThresholdPercent: number;
  readonly cpuThresholdPercent: number;
  readonly databaseThresholdMs: number;
}
