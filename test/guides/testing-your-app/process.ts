import { expect, it } from 'vitest';
import { conformance } from 'express-runbook/testing';

// Yours: what starts the service, and a port that is free.
const command = ['node', 'examples/quick-start/server.js'];
const port = process.env.TEST_PORT ?? '3456';

it('drains on SIGTERM: readiness first, requests answered, exit code 0', async () => {
  const { failures } = await conformance({
    url: `http://127.0.0.1:${port}`,
    command,
    env: { PORT: port, HOST: '127.0.0.1', LOG_LEVEL: 'fatal' },
    path: '/hello/ann',
    only: ['probes', 'shutdown'],
  });
  expect(failures).toEqual([]);
});
