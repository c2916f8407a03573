import type { ExpressRequest } from '../../core/middleware.js';
import { mountParameters } from './mount-parameters.js';

/** Values that one segment of a route's mount may have before it is taken for a parameter. */
const MAX_VALUES = 4;
const PARAMETER = ':param';

/** What was seen at one depth of a route's path, by segment; `parameter` is the name of what stands there instead. */
interface Branch {
  parameter: string | undefined;
  readonly next: Map<string, Branch>;
}

/**
 * Names endpoints so that a parameter in a mount path (`app.use('/orgs/:org', router)`) makes no series. Express gives the
 * template of a mount only in part ({@link mountParameters}); else it tells what the client sent there. But a router is mounted
 * in a handful of places: a segment in which one and the same route has had more than four values is taken for a parameter and
 * shown as `:param` from then on. The first four keep the series they have.
 */
export function mountNames(): (endpoint: string, req: ExpressRequest) => string {
  const seen = new WeakMap<object, Branch>();

  return (endpoint, req) => {
    if (req.route === undefined) return endpoint;
    let branch = seen.get(req.route);
    if (branch === undefined) seen.set(req.route, (branch = newBranch()));
    const parameters = mountParameters(req);
    const named: string[] = [];
    for (const [depth, segment] of endpoint.split('/').entries()) {
      branch.parameter ??= parameters.get(depth);
      const name = nameIn(branch, segment);
      branch = branchOf(branch, name);
      named.push(name);
    }
    return named.join('/');
  };
}

function nameIn({ parameter, next }: Branch, segment: string): string {
  if (parameter !== undefined) return parameter;
  return next.has(segment) || next.size < MAX_VALUES ? segment : PARAMETER;
}

function branchOf({ next }: Branch, name: string): Branch {
  const found = next.get(name);
  if (found !== undefined) return found;
  const added = newBranch();
  next.set(name, added);
  return added;
}

function newBranch(): Branch {
  return { parameter: undefined, next: new Map() };
}
