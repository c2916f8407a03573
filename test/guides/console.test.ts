import request from 'supertest';
import { expect, it } from 'vitest';
import { snippetsOf } from './snippets-of.js';

it('the page about the ops console shows code that is compiled and run here, and no other', () => {
  const snippets = snippetsOf('docs/guides/console.md', 'ts');
  expect(snippets.map(({ path }) => path)).toEqual(['test/guides/console/guard.ts', 'test/guides/console/alone.ts']);
  for (const { code, source } of snippets) expect(code).toBe(source);
});

it('a sign-in of your own says who may look', async () => {
  Object.assign(process.env, { LOG_LEVEL: 'fatal', LOG_REQUESTS: 'false' });
  const { app, ops } = await import('./console/guard.js');
  await request(app).get('/ops').expect(401);
  await request(app).get('/ops').set('X-Forwarded-User', 'ann').expect(200);
  await ops.shutdown.shutdown('test');
});

it('the console alone needs a registry and somebody who may look', async () => {
  const { app, page } = await import('./console/alone.js');
  await request(app).get('/ops').expect(200);
  await page.close();
});
