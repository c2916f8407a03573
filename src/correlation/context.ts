import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
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
  return currentContext();
}

/** The very object, for those who add to it. */
export function currentContext(): ContextFields | undefined {
  return store().getStore();
}

/**
 * Adds to the current context, e.g. the user once they are known: later log lines of the same request carry it.
 * Outside of a context nothing happens.
 */
export function extendContext(fields: ContextFields): void {
  const context = currentContext();
  if (context !== undefined) Object.assign(context, fields);
}

/**
 * Runs `work` in a context of its own: for jobs, scripts and tests. What `work` starts and awaits stays in it; nothing is
 * taken over from a context around it, and nothing of it is seen outside. Returns, or throws, what `work` does.
 *
 * @example
 * await runWithContext({ correlationId: job.data.correlationId }, () => sendInvoice(job.data));
 */
export function runWithContext<Result>(fields: ContextFields, work: () => Result): Result {
  return store().run({ ...fields }, work);
}

/**
 * The same function, in the context of now whenever and by whomever it is called: for listeners of something that many
 * requests share (a socket, an emitter, a queue of callbacks), which calls them in whichever context it is in itself.
 * Outside of a context it runs outside of any.
 *
 * @example
 * broker.once('reply', bindContext((reply) => logger.info({ reply }, 'Reply arrived')));
 */
export function bindContext<Given extends unknown[], Result>(
  work: (...given: Given) => Result,
): (...given: Given) => Result {
  return AsyncResource.bind(work);
}

/** Like {@link runWithContext}, on the very object that is tied to the request. */
export function openContext(context: ContextFields, work: () => void): void {
  store().run(context, work);
}
