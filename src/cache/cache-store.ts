/** What a store found, and what it must find unchanged to take the value that is loaded instead. */
export interface Read<Value> {
  readonly found: { readonly value: Value; readonly isFresh: boolean } | undefined;
  readonly ticket: unknown;
}

export interface Keeping {
  readonly ttlMs: number;
  readonly tags: readonly string[];
}

/** Where values are kept. None of its methods fails: a store that is away has nothing and keeps nothing. */
export interface CacheStore<Value> {
  read(key: string, tags: readonly string[]): Read<Value> | Promise<Read<Value>>;
  write(key: string, value: Value, keeping: Keeping, ticket: unknown): void | Promise<void>;
  delete(key: string): void | Promise<void>;
  deleteByTag(tag: string): void | Promise<void>;
  clear(): void | Promise<void>;
}
