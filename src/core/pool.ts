/** What this package needs of a `pg.Pool`; every `pg.Pool` fits, observed by us or not. */
export interface PoolPort {
  query(text: string): Promise<unknown>;
  end(): Promise<void>;
  /** A bounded end, where the pool has one; goes before `end`. */
  close?(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off?(event: 'error', listener: (error: Error) => void): unknown;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max?: number | undefined };
}
