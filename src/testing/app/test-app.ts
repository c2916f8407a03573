import express, { type Express } from 'express';
import type { Ops } from '../../index.js';
import type { TestAppOptions } from './options.js';
import { testOps, type TestOps } from './test-ops.js';

export interface TestApp extends TestOps {
  /** For supertest: `request(app).get('/orders')`. */
  readonly app: Express;
}

/**
 * An app with the whole wiring around the routes under test: `ops.before`, what `routes` adds, `ops.after`. See
 * {@link testOps} for what surrounds it. Throws what `createOps` throws.
 *
 * @example
 * const { app, logs, metrics, close } = testApp((app, ops) => {
 *   app.get('/orders/:id', showOrder(ops.logger));
 * });
 * const { headers } = await request(app).get('/orders/7').expect(200);
 * expect(logs.find({ msg: 'Order shown', requestId: headers['x-request-id'] })).toBeDefined();
 * expect(await metrics.value('http_requests_total', { endpoint: '/orders/:id' })).toBe(1);
 * await close();
 */
export function testApp(routes: (app: Express, ops: Ops) => void, options: TestAppOptions = {}): TestApp {
  const { app = express(), ...opsOptions } = options;
  const kit = testOps(opsOptions);
  app.use(kit.ops.before);
  routes(app, kit.ops);
  app.use(kit.ops.after);
  return { app, ...kit };
}
