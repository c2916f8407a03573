import { contextOf } from '../../core/context.js';
import type { ExpressRequest } from '../../core/middleware.js';
import { firstValues } from '../../instruments/first-values.js';

/** Which client a request was from; nothing where metrics do not tell clients apart. */
export type ClientOf = (req: ExpressRequest) => string | undefined;

/** The first `maxClients` clients by their id, `unknown` for requests of nobody, and one value for all that come after. */
export function clientLabel(maxClients: number): ClientOf {
  if (maxClients === 0) return () => undefined;
  const shown = firstValues(maxClients);
  return (req) => shown(contextOf(req)?.clientId);
}
