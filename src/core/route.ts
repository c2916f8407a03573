import type { ExpressRequest } from './middleware.js';

/**
 * The template of the route that answered, mount path included (`/api/users/:id`); nothing when no route matched.
 * Never the raw path of an unknown URL.
 */
export function routeOf(req: ExpressRequest): string | undefined {
  const template = req.route?.path;
  if (template instanceof RegExp) return mountOf(req) + template.source;
  // Express takes an array of paths too and does not say which of them matched.
  if (Array.isArray(template)) return mountOf(req) + template.map(String).join('|');
  if (typeof template !== 'string') return undefined;
  const mount = mountOf(req) || unwoundMount(req, template);
  const route = mount + (template === '/' && mount !== '' ? '' : template);
  return route === '' ? '/' : route;
}

function mountOf(req: ExpressRequest): string {
  return req.baseUrl ?? '';
}

/** An error on its way out of a router has already reset `baseUrl`: what stands before the template's segments is the mount. */
function unwoundMount(req: ExpressRequest, template: string): string {
  // Of a pattern nobody can say how many segments it took.
  if (/[*{?(+]/.test(template)) return '';
  const path = pathOf(req.originalUrl ?? '');
  const segments = path.split('/').filter((segment) => segment !== '');
  const own = template.split('/').filter((segment) => segment !== '').length;
  const mount = segments.slice(0, Math.max(0, segments.length - own));
  return mount.length === 0 ? '' : `/${mount.join('/')}`;
}

/** A URL without its query string, and without the host of an absolute-form target (RFC 9112 section 3.2.2), which a client makes up. */
export function pathOf(target: string): string {
  const url = target.startsWith('/') ? target : target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '');
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
