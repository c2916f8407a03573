import { check } from '../doctor-check.js';
import { fail, ok, skip, warn, type Finding } from '../finding.js';
import { readRoutesOf, type ReadRoute } from '../service/open-api.js';
import type { Service } from '../service/service.js';

/** Each question counts for the limiter, too. */
const MAX_ROUTES = 40;
const CURE = 'bearerAuth() in front of the route; security: [] in the OpenAPI document where it is meant to be open';

export const securityAuthentication = check({
  id: 'security.authentication',
  title: 'checklist 1: routes that read answer nobody without a credential',
  needs: ['service'],
  async run({ service, known, openApiPath }) {
    const routes = await readRoutesOf(service, openApiPath, known?.ops.token);
    if (typeof routes === 'string') return skip(routes);
    const asked = routes.filter(({ isOpen }) => !isOpen).slice(0, MAX_ROUTES);
    if (asked.length === 0) return skip(`${openApiPath} has no route that reads and is guarded`);
    const judged = await Promise.all(asked.map((route) => problemOf(route, service)));
    const found = judged.flatMap((one) => one ?? []);
    if (found.length > 0) return found;
    const silent = judged.filter((one) => one === undefined).length;
    if (silent > 0)
      return skip(`${silent} of ${asked.length} routes answered with 429, 503 or a redirect: ask again later`);
    return ok(`${asked.length} routes that read refuse whoever sends no credential`);
  },
});

/** Nothing where the answer says nothing of the route. */
async function problemOf({ path, isGuarded }: ReadRoute, service: Service): Promise<Finding[] | undefined> {
  const { status } = await service.ask(path);
  if (status === 401 || status === 403) return [];
  // Refused before the route had its say, or moved to HTTPS.
  if (status === 429 || status === 503 || (status >= 300 && status < 400)) return undefined;
  if (isGuarded) return [fail(`GET ${path} answers ${status} without a credential`, CURE)];
  return [warn(`GET ${path} answers ${status} without a credential, and its document does not say that it may`, CURE)];
}
