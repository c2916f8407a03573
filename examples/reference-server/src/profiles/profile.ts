import type { ConfigProfile } from 'express-runbook';

/** What makes one service out of the reference server. Data only: it survives a JSON round trip. */
export interface Profile {
  /** The name in logs, metrics and process lists. */
  readonly service: string;
  /** Defaults of environment variables; the environment itself goes before them. */
  readonly settings: ConfigProfile;
}
