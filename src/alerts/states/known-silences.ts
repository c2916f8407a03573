import type { Silence } from '../silences/silence.js';
import type { SharedAlerts } from './alert-store.js';

/** Gives undefined when the store does not answer, or there is none. */
export type AskStore = <Answer>(work: (store: SharedAlerts) => Promise<Answer>) => Promise<Answer | undefined>;

/** The silences, and what the store does not know of them yet: whoever made or ended one was told that it is so. */
export interface KnownSilences {
  all(): readonly Silence[];
  add(silence: Silence): Promise<void>;
  /** Says whether there was one. */
  end(id: string): Promise<boolean>;
  /** Takes those of the store, and has it catch up. */
  take(loaded: readonly Silence[], now: number): Promise<void>;
  /** Forgets those that are over. */
  expire(now: number): void;
}

export function createKnownSilences(service: string, ask: AskStore): KnownSilences {
  let silences: readonly Silence[] = [];
  const unsaved = new Map<string, Silence>();
  /** With when they would have ended by themselves. */
  const unended = new Map<string, number>();

  async function save(silence: Silence): Promise<void> {
    const isSaved = await ask(async (store) => {
      await store.addSilence(service, silence);
      return true;
    });
    if (isSaved === true) unsaved.delete(silence.id);
    else unsaved.set(silence.id, silence);
  }

  function expire(now: number): void {
    silences = silences.filter(({ until }) => until > now);
    for (const [id, { until }] of unsaved) if (until <= now) unsaved.delete(id);
    for (const [id, until] of unended) if (until <= now) unended.delete(id);
  }

  return {
    all: () => silences,
    expire,
    async add(silence) {
      silences = [...silences, silence];
      await save(silence);
    },
    async end(id) {
      const known = silences.find((silence) => silence.id === id);
      silences = silences.filter((silence) => silence !== known);
      const wasUnsaved = unsaved.delete(id);
      const isEnded = await ask((store) => store.endSilence(service, id));
      // The store may have saved it without having answered in time.
      if (isEnded === undefined && known !== undefined) unended.set(id, known.until);
      return isEnded === undefined ? known !== undefined : isEnded || wasUnsaved;
    },
    async take(loaded, now) {
      const missing = [...unsaved.values()].filter(({ id }) => loaded.every((silence) => silence.id !== id));
      silences = [...loaded.filter(({ id }) => !unended.has(id)), ...missing];
      expire(now);
      for (const silence of unsaved.values()) await save(silence);
      for (const id of unended.keys()) {
        if ((await ask((store) => store.endSilence(service, id))) !== undefined) unended.delete(id);
      }
    },
  };
}
