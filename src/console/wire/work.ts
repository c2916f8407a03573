export interface QueueView {
  readonly pending: number | null;
  readonly running: number | null;
  readonly failed: number | null;
  readonly oldestSeconds: number | null;
}

export interface JobTypeView {
  readonly type: string;
  readonly created: number;
  readonly active: number;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
  readonly meanMs: number | null;
}

export interface JobsView {
  readonly queue: QueueView;
  readonly types: readonly JobTypeView[];
}

export interface CacheView {
  readonly name: string;
  readonly hits: number;
  readonly misses: number;
  readonly hitRatio: number | null;
  /** `null` where the values are not in this process. */
  readonly entries: number | null;
  readonly evictions: number;
}

export interface AlertView {
  readonly name: string;
  /** `critical`, `high`, `warning` …: whatever words the alerts have. */
  readonly severity: string;
  readonly message?: string | undefined;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
}

export interface LevelView {
  readonly current: string;
  readonly levels: readonly string[];
  /** While it was changed here: when it goes back by itself, and to what. */
  readonly until?: number | undefined;
  readonly before?: string | undefined;
}
