import type { IncomingMessage } from 'node:http';

/** What an endpoint of this package is for. */
export type OpsEndpoint = 'health' | 'metrics' | 'console';

const OPS_ENDPOINT = Symbol.for('express-runbook.ops-endpoint.v0');

interface WithMark {
  [OPS_ENDPOINT]?: OpsEndpoint;
}

/** Set by the routers that answer probes and scrapes, so that logs can skip them and errors are not counted as the service's. */
export function markOpsEndpoint(req: IncomingMessage, endpoint: OpsEndpoint): void {
  (req as WithMark)[OPS_ENDPOINT] = endpoint;
}

/** Which endpoint of this package answered; `undefined` for the service's own routes. */
export function opsEndpointOf(req: IncomingMessage): OpsEndpoint | undefined {
  return (req as WithMark)[OPS_ENDPOINT];
}
