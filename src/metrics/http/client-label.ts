import { contextOf } from '../../core/context.js';
import type { ExpressRequest } from '../../core/middleware.js';
import { OVERFLOW } from '../../instruments/known-series.js';
import { labelText } from '../../instruments/label-text.js';

/** Which client a request was from; nothing where metrics do not tell clients apart. */
export type ClientOf = (req: ExpressRequest) => string | undefined;

const NOBODY = labelText(undefined);

/** The first `maxClients` clients by their id, `unknown` for requests of nobody, and one value for all that come after. */
export function clientLabel(maxClients: number): ClientOf {
  if (maxClients === 0) return () => undefined;
  const known = new Set<string>();
  return (req) => {
    const client = labelText(contextOf(req)?.clientId);
    if (client === NOBODY || known.has(client)) return client;
    if (known.size >= maxClients) return OVERFLOW;
    known.add(client);
    return client;
  };
}
