/** Ids double as the names of the modules' exports. `gives` lists headers that the answer must have: a stack without them did less. */
const HELMET = ['content-security-policy', 'strict-transport-security', 'x-content-type-options', 'x-frame-options'];
const FULL = [...HELMET, 'ratelimit-policy', 'x-request-id'];

export const VARIANTS = [
  { id: 'nodeHttp', module: 'node-http', label: 'node:http alone' },
  { id: 'expressPrepared', module: 'express', label: 'Express on createHttpServer, no middleware' },
  { id: 'expressBare', module: 'express', label: 'bare Express, app.listen()' },
  {
    id: 'handAssembled',
    module: 'hand-assembled',
    label: 'hand-assembled full stack',
    gives: [...HELMET, 'ratelimit'],
  },
  { id: 'fullStack', module: 'full-stack', label: 'express-runbook, ops.listen()', gives: [...FULL, 'ratelimit'] },
  {
    id: 'fullStackConsole',
    module: 'full-stack',
    label: 'express-runbook, ops console, no page open',
    gives: [...FULL, 'ratelimit'],
  },
  {
    id: 'fullStackLookedAt',
    module: 'full-stack',
    label: 'express-runbook, ops console, a page open',
    gives: [...FULL, 'ratelimit'],
  },
  {
    id: 'fullStackPlain',
    module: 'full-stack',
    label: 'express-runbook, http.createServer(app)',
    gives: [...FULL, 'ratelimit'],
  },
  { id: 'fastifyBare', module: 'fastify', label: 'Fastify 5' },
  { id: 'fastifyFull', module: 'fastify', label: 'Fastify 5, equal plugins', gives: [...HELMET, 'x-request-id'] },
  { id: 'honoBare', module: 'hono', label: 'Hono on Node' },
  { id: 'honoFull', module: 'hono', label: 'Hono on Node, equal middleware', gives: FULL },
  { id: 'healthRoute', module: 'health', label: 'app with health router: JSON route' },
  { id: 'health', server: 'healthRoute', path: '/health', label: 'app with health router: cached /health' },
  { id: 'healthEmpty', module: 'health', path: '/health', label: 'no check: cached /health' },
  { id: 'healthFifty', module: 'health', path: '/health', label: '50 checks: cached /health' },
  { id: 'readinessEmpty', server: 'healthEmpty', path: '/readyz', label: 'no check: cached /readyz' },
  { id: 'readinessFifty', server: 'healthFifty', path: '/readyz', label: '50 checks: cached /readyz' },
];

/** The reference of every ratio. */
export const BASE = 'expressBare';
