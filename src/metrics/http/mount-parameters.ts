import type { ExpressRequest } from '../../core/middleware.js';

interface MountedRequest extends ExpressRequest {
  /** With `mergeParams` those of the mount are among them. */
  params?: Readonly<Record<string, unknown>>;
}

/**
 * The parameters of the mount as far as Express tells them, `:org` by the place of its segment: those of a mounted app
 * (https://expressjs.com/en/api.html#app.path.method), and those of a router with `mergeParams`.
 */
export function mountParameters(req: MountedRequest): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const mount = (req.baseUrl ?? '').split('/');
  if (mount.length === 1) return found;
  const template = req.app?.path();
  if (typeof template === 'string' && template.includes(':')) {
    for (const [place, segment] of template.split('/').entries()) if (/^:\w+$/.test(segment)) found.set(place, segment);
  }
  const own = typeof req.route?.path === 'string' ? req.route.path : '';
  for (const [name, value] of Object.entries(req.params ?? {})) {
    // One of them is its place; where another looks the same nobody can say which.
    const places = own.includes(`:${name}`) ? [] : placesOf(mount, value);
    if (places.length === 1) found.set(places[0] ?? 0, `:${name}`);
  }
  return found;
}

function placesOf(mount: readonly string[], value: unknown): number[] {
  return [...mount.keys()].filter((place) => place > 0 && decoded(mount[place] ?? '') === value);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // No escape after all.
    return segment;
  }
}
