import { expectNoSecrets, fakeClock, testApp } from 'express-runbook/testing';
import { createCache } from 'express-runbook/cache';

export const clock = fakeClock();

export const service = testApp((app, ops) => {
  const greetings = createCache<string>({ name: 'greetings', ttlMs: 1000, now: clock.now });
  app.get('/hello/:name', async (req, res) => {
    const { name } = req.params;
    ops.logger.info({ name, password: 'hunter2' }, 'Greeted');
    res.json({ hello: await greetings.cached(name, () => name) });
  });
});

/** In a test, after its requests. */
export async function check(): Promise<unknown> {
  const line = await service.logs.waitFor({ msg: 'Greeted' });
  expectNoSecrets(service.logs.lines, { secrets: ['hunter2'] });
  return line.password;
}
