import type { IncomingMessage } from 'node:http';

/** Who is asking, as log lines and outgoing calls carry it. */
export interface ContextFields {
  /** Of this HTTP request alone. */
  requestId?: string;
  /** Of the whole user transaction, across services. */
  correlationId?: string;
  /** Always a string, so that `select(.userId == "123")` finds it. */
  userId?: string;
  clientId?: string;
}

/** How a piece asks for the current context without knowing where it is kept. */
export type GetContext = () => Readonly<ContextFields> | undefined;

// Shared by every copy of this major version in a process, so that duplicate installs see one context.
const CONTEXT = Symbol.for('express-runbook.context.v0');

interface WithContext {
  [CONTEXT]?: ContextFields;
}

/** Ties the context to its request: completion listeners run outside of the asynchronous context and read it here. */
export function attachContext(req: IncomingMessage, context: ContextFields): void {
  (req as WithContext)[CONTEXT] = context;
}

export function contextOf(req: IncomingMessage): ContextFields | undefined {
  return (req as WithContext)[CONTEXT];
}
