import type { HealthSettings } from './health-settings.js';
import type { LogSettings } from './log-settings.js';
import type { AlertSettings } from './alert-settings.js';
import type * as Words from './words.js';

export * from './words.js';

export const NODE_ENVS = ['development', 'staging', 'production', 'test'] as const;
export type NodeEnv = (typeof NODE_ENVS)[number];
export const DEFAULT_NODE_ENV: NodeEnv = 'development';
export const DEFAULT_PROFILE = 'builder';

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
  /** Name by which the service is reached over HTTPS; plain HTTP is not served when it is there. */
  readonly httpsHost?: string;
  readonly database: DatabaseSettings;
  readonly redis?: { readonly url: string };
  readonly auth: AuthSettings;
  readonly cors: { readonly origins: string[] };
  readonly log: LogSettings;
  readonly health: HealthSettings;
  /**
   * Who may ask for /metrics, and where; from everywhere when `networks` is empty. `maxClients` have a label of their own;
   * `tlsCertificate` is a file whose end is shown.
   */
  readonly metrics: {
    readonly port?: number;
    readonly token?: string;
    readonly networks: string[];
    readonly maxClients: number;
    readonly tlsCertificate?: string;
  };
  /** Who may ask for API docs and other pages that are not for the public, and where; everybody when there is neither. */
  readonly ops: { readonly port?: number; readonly token?: string; readonly networks: string[] };
  readonly rateLimit: { readonly max: number; readonly windowMs: number };
  readonly shutdown: {
    readonly delayMs: number;
    readonly timeoutMs: number;
    readonly killAfterMs?: number;
    readonly notifySocket?: string;
  };
  readonly maintenanceFile?: string;
  /** 0: this process works on no jobs. */
  readonly jobsConcurrency: number;
  readonly profileDir: string;
  readonly uploadsDir: string;
  readonly embeddedPostgresDir: string;
  readonly sentryDsn?: string;
  readonly supabaseUrl?: string;
  readonly backupDir: string;
  /** How old the newest backup may be, how long a restore may take, and which backups are kept. */
  readonly backups: { readonly rpoSeconds: number; readonly rtoSeconds: number; readonly keep: string[] };
  readonly pineconeIndexUrl?: string;
  readonly pineconeApiKey?: string;
  readonly llmApiUrl?: string;
  readonly llmApiKey?: string;
  readonly llmFallbackApiUrl?: string;
  readonly llmFallbackApiKey?: string;
  readonly llmMonthlyBudgetUsd?: number;
  readonly alerts: AlertSettings;
  /** What does not stop the start but deserves a log line. Holds no values, so it can be printed. */
  readonly warnings: string[];
}

/** @inline */
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
  /** What stands between the service and the server, as `createPool` takes it. */
  readonly pooler: (typeof Words.POOLERS)[number];
  readonly tagQueries: (typeof Words.QUERY_TAGS)[number];
  /** 0 is off. */
  readonly leakThresholdMs: number;
}

/** @inline */
interface AuthSettings {
  readonly jwtSecret?: string;
  readonly jwtSecretPrevious?: string;
  readonly refreshTokenSecret?: string;
  readonly refreshTokenSecretPrevious?: string;
  readonly jwtExpiresInSeconds: number;
  readonly refreshTokenExpiresInSeconds: number;
  readonly google?: { readonly clientId: string; readonly clientSecret: string };
}
