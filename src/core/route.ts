import type { ExpressRequest } from './middleware.js';

/**
 * The template of the route that answered, mount path included (`/api/users/:id`); nothing when no route matched.
 * Never the raw path of an unknown URL.
 */
export function routeOf(req: ExpressRequest): string | undefined {
  const template = req.route?.path;
  if (template instanceof RegExp) return bounded(mountOf(req)) + template.source;
  // Express takes an array of paths too and does not say which of them matched.
  if (Array.isArray(template)) return bounded(mountOf(req)) + template.map(String).join('|');
  if (typeof template !== 'string') return undefined;
  const mount = bounded(mountOf(req) || unwoundMount(req, template));
  const route = mount + (template === '/' && mount !== '' ? '' : template);
  return route === '' ? '/' : route;
}

function mountOf(req: ExpressRequest): string {
  return req.baseUrl ?? '';
}

const MAY_HOLD_VALUES = /\d|%|[^/]{25}/;
const VALUE = /^(?:\d+|[\da-f]{8}-[\da-f-]{27}|.*%.*|.{25,})$/;

/**
 * `baseUrl` is what the client sent, not the template of the mount: spelled in any case (Express ignores it), and with values
 * where the mount has parameters. Numbers, UUIDs and long or encoded segments are taken for values.
 */
function bounded(mount: string): string {
  const path = mount.toLowerCase();
  if (!MAY_HOLD_VALUES.test(path)) return path;
  return path
    .split('/')
    .map((segment) => (VALUE.test(segment) ? ':param' : segment))
    .join('/');
}

/** An error on its way out of a router has already reset `baseUrl`: what stands before the template's segments is the mount. */
function unwoundMount(req: ExpressRequest, template: string): string {
  // Of a pattern nobody can say how many segments it took.
  if (/[*{?(+]/.test(template)) return '';
  const path = pathOf(req.originalUrl ?? '');
  const mountDepth = depthOf(path) - depthOf(template);
  if (mountDepth <= 0) return '';
  const segments = path.split('/').filter((segment) => segment !== '');
  return `/${segments.slice(0, mountDepth).join('/')}`;
}

/** How many segments a path has, counted without taking it apart: this is asked at the end of every request. */
function depthOf(path: string): number {
  let depth = 0;
  for (let index = 0; index < path.length; index++) {
    if (path[index] !== '/' && (index === 0 || path[index - 1] === '/')) depth++;
  }
  return depth;
}

/** A URL without its query string, and without the host of an absolute-form target (RFC 9112 section 3.2.2), which a client makes up. */
export function pathOf(target: string): string {
  const url = target.startsWith('/') ? target : target.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '');
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
