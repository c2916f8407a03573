import type { AlertEvent } from '../alert.js';
import type { Silence } from '../silences/silence.js';

/** Where every message is kept, and, if it can, what all instances of the service share. `alertTables` makes one of Postgres. */
export interface AlertStore {
  /** Keeps a message; one that it has already, by its `id`, is none. */
  append(event: AlertEvent): Promise<void>;
  /** Without it each instance tells by itself, and forgets when it ends. */
  readonly shared?: SharedAlerts;
}

/** A state as it was read. */
export interface SharedState {
  readonly key: string;
  /** Changes with every write. */
  readonly version: number;
  /** An object that is plain data. */
  readonly state: unknown;
}

/** A memory that all instances of a service share. Each call rejects when it cannot be reached. */
export interface SharedAlerts {
  load(service: string): Promise<{
    /** Milliseconds since 1970, by the one clock that counts for all instances. */
    readonly now: number;
    readonly states: readonly SharedState[];
    /** Those that have not ended. */
    readonly silences: readonly Silence[];
  }>;
  /**
   * Writes a state, or removes it when there is none, as long as nobody has done so since `version` was read; 0 is a state that was not there.
   * Says whether it did.
   */
  save(service: string, key: string, version: number, state: object | undefined): Promise<boolean>;
  /** One that it has already, by its `id`, is none. */
  addSilence(service: string, silence: Silence): Promise<void>;
  /** Says whether there was one. */
  endSilence(service: string, id: string): Promise<boolean>;
}
