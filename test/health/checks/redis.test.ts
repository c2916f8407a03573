import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { createHealthRouter, redisCheck, type HealthCheck } from 'express-runbook';
import { startRedis, type RedisServer } from '../../support/redis.js';
import { requireTool } from '../../support/real-tools.js';

const redis = requireTool('redis-server');

/** As much of a client as the check knows: one connection, `PING`, and the `error` event. */
class Client extends EventEmitter {
  readonly #socket: Socket;
  constructor(port: number) {
    super();
    this.#socket = connect(port, '127.0.0.1').on('error', (error) => this.emit('error', error));
    this.#socket.on('close', () => this.emit('error', new Error('connection lost')));
  }
  async ping(): Promise<string> {
    if (this.#socket.destroyed) throw new Error('The client is closed: redis://:hunter2@127.0.0.1');
    this.#socket.write('PING\r\n');
    const [reply] = (await once(this.#socket, 'data')) as [Buffer];
    return reply.toString();
  }
  close(): void {
    this.#socket.destroy();
  }
}

describe.skipIf(!redis.isInstalled)('redisCheck on a real Redis (HLT-35)', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function runningRedis(): Promise<RedisServer> {
    const server = await startRedis();
    closing.push(() => server.end());
    return server;
  }

  it('is up while Redis answers; its end is seen at once, costs no readiness and tells no address', async () => {
    const { port, end } = await runningRedis();
    const client = new Client(port);
    closing.push(() => client.close());
    const health = createHealthRouter({ checks: [redisCheck({ client, degradedAboveMs: 60_000 })] });
    expect(await health.report()).toMatchObject({ status: 'ok', checks: [{ name: 'redis', status: 'up' }] });
    const lost = once(client, 'error');
    await end();
    await lost;
    // Far within the time for which a pass is repeated.
    const report = await health.report();
    expect(report).toMatchObject({
      status: 'degraded',
      checks: [{ status: 'down', message: 'redis is not reachable' }],
    });
    expect(JSON.stringify(report)).not.toMatch(/hunter2|127\.0\.0\.1/);
  });

  it('waits for a client of ioredis that connects, so that a start tells no outage', async () => {
    const { port, end } = await runningRedis();
    const client = new Redis(port, '127.0.0.1', { enableOfflineQueue: false, retryStrategy: () => null });
    client.on('error', () => undefined);
    closing.push(() => client.disconnect());
    expect(client.status).toBe('connecting');
    const health = createHealthRouter({ checks: [redisCheck({ client, degradedAboveMs: 60_000 })] });
    expect(await health.report()).toMatchObject({ status: 'ok', checks: [{ name: 'redis', status: 'up' }] });
    expect(client.listenerCount('ready') + client.listenerCount('close')).toBe(0);

    await end();
    const refused = new Redis(port, '127.0.0.1', { enableOfflineQueue: false, retryStrategy: () => null });
    refused.on('error', () => undefined);
    const other = createHealthRouter({ checks: [redisCheck({ client: refused })] });
    expect(await other.report()).toMatchObject({ checks: [{ status: 'down', message: 'redis is not reachable' }] });
  });

  it('of a Redis that is frozen is down with reason timeout', async () => {
    const { port, process: server } = await runningRedis();
    const client = new Client(port);
    closing.push(() => client.close());
    const health = createHealthRouter({ checks: [redisCheck({ client, critical: true })], responseDeadlineMs: 50 });
    server.kill('SIGSTOP');
    expect(await health.report()).toMatchObject({ status: 'error', checks: [{ reason: 'timeout' }] });
    server.kill('SIGCONT');
  });
});

describe('redisCheck', () => {
  const fake = (ping: () => Promise<unknown>) => Object.assign(new EventEmitter(), { ping });

  it('degrades above its limit', async () => {
    const client = fake(() => new Promise((resolve) => setTimeout(resolve, 15)));
    const check: HealthCheck = redisCheck({ client, degradedAboveMs: 5 });
    expect(await check.run(new AbortController().signal)).toMatchObject({ status: 'degraded' });
  });

  it('leaves nothing on the client when it is removed', () => {
    const client = fake(() => Promise.resolve('PONG'));
    const health = createHealthRouter();
    const remove = health.add(redisCheck({ client }));
    expect(client.listenerCount('error')).toBe(1);
    remove();
    expect(client.listenerCount('error')).toBe(0);
  });

  it('refuses what is no client, with the cure', () => {
    expect(() => redisCheck({} as never)).toThrow(/redisCheck\.client is required.*ioredis or node-redis/);
    expect(() => redisCheck({ client: {} } as never)).toThrow(/redisCheck\.client must have the methods ping, on, off/);
  });
});
