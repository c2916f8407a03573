import { AsyncLocalStorage } from 'node:async_hooks';
import type { ContextFields } from '../core/context.js';

// Shared by every copy of this major version in a process: a library that bundles its own copy sees the same request.
const STORE = Symbol.for('express-runbook.context-store.v0');

interface Shared {
  [STORE]?: AsyncLocalStorage<ContextFields>;
}

function store(): AsyncLocalStorage<ContextFields> {
  const shared = globalThis as Shared;
  return (shared[STORE] ??= new AsyncLocalStorage<ContextFields>());
}

/** The context of the request or job that this code runs for; `undefined` outside of any. */
export function getContext(): Readonly<ContextFields> | undefined {
  return store().getStore();
}

/**
 * Adds to the current context, e.g. the user once they are known: later log lines of the same request carry it.
 * Outside of a context nothing happens.
 */
export function extendContext(fields: ContextFields): void {
  const context = getContext();
  if (context !== undefined) Object.assign(context, fields);
}

/** Runs `work` in a context of its own: for jobs, scripts and tests. Returns what `work` returns. */
export function runWithContext<Result>(fields: ContextFields, work: () => Result): Result {
  return store().run({ ...fields }, work);
}

/** Like {@link runWithContext}, on the very object that is tied to the request. */
export function openContext(context: ContextFields, work: () => void): void {
  store().run(context, work);
}
