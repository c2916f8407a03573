/** What this package needs of a `pg.Pool`; every `pg.Pool` fits, observed by us or not. */
export interface PoolPort {
  query(text: string): Promise<unknown>;
  end(): Promise<void>;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly max?: number | undefined };
}
