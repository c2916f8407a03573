import type { LinesPort } from '../ports.js';
import type { LogLineView } from '../wire/index.js';
import { createLineRing, type KeptLine } from './line-ring.js';
import { lineView } from './line-view.js';

export interface Logs {
  /** Oldest first. */
  recent(): readonly KeptLine[];
  /** Warnings and worse: a flood of others does not push them out. Oldest first. */
  problems(): readonly LogLineView[];
  /** Calls `listener` with each line that comes. Returns what ends it. */
  watch(listener: (line: KeptLine) => void): () => void;
  close(): void;
}

// Together 1.25 million characters, however long the lines are.
const MAX_LINES = 1000;
const MAX_CHARACTERS = 1_000_000;
const MAX_PROBLEMS = 300;
const MAX_PROBLEM_CHARACTERS = 250_000;
const WARN = 40;

/** Keeps the latest lines as they are: read they are only when somebody looks. */
export function createLogs(lines: LinesPort | undefined, now: () => number): Logs {
  const recent = createLineRing(MAX_LINES, MAX_CHARACTERS);
  const problems = createLineRing(MAX_PROBLEMS, MAX_PROBLEM_CHARACTERS);
  const listeners = new Set<(line: KeptLine) => void>();
  const views = new WeakMap<KeptLine, LogLineView>();
  let seq = 0;

  const stop = lines?.((text, level) => {
    const line = { seq: ++seq, level, at: now(), text };
    recent.add(line);
    if (level >= WARN) problems.add(line);
    for (const listener of listeners) listener(line);
  });

  function viewOf(line: KeptLine): LogLineView {
    const view = views.get(line) ?? lineView(line);
    views.set(line, view);
    return view;
  }

  return {
    recent: () => recent.all(),
    problems: () => problems.all().map(viewOf),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      stop?.();
      listeners.clear();
    },
  };
}
