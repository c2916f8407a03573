import type { IncomingMessage } from 'node:http';
import { contextOf } from './context.js';

/** Who a request is from, whatever it was that told so: a token, an API key or something of the service's own. */
export interface Principal {
  /** The person, or whom a key acts for. */
  readonly userId?: string;
  /** The program or customer: what quotas and the `client_id` of metrics go by. */
  readonly clientId?: string;
}

/** Why a credential opens nothing. More than that a client is never told. */
export type CredentialProblem = 'expired' | 'invalid';

/** Makes one kind of credential into a principal. `bearerAuth()` asks the first that takes the credential for one of its own. */
export interface Authenticator {
  /** By its looks alone, e.g. its first characters. */
  recognises(credential: string): boolean;
  /** Never rejects because of the credential: only when it cannot be found out, e.g. because the database is away. */
  authenticate(credential: string): Promise<Principal | CredentialProblem>;
}

const PRINCIPAL = Symbol.for('express-runbook.principal.v0');

interface WithPrincipal {
  [PRINCIPAL]?: Principal;
}

/** Ties the principal to its request, and tells log lines and metrics of it by the request's context. */
export function attachPrincipal(req: IncomingMessage, principal: Principal): void {
  (req as WithPrincipal)[PRINCIPAL] = principal;
  const context = contextOf(req);
  if (context === undefined) return;
  if (principal.userId !== undefined) context.userId = principal.userId;
  if (principal.clientId !== undefined) context.clientId = principal.clientId;
}

export function attachedPrincipal(req: IncomingMessage): Principal | undefined {
  return (req as WithPrincipal)[PRINCIPAL];
}
