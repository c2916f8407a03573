import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpServer } from 'express-runbook';
import { testApp, type TestApp } from 'express-runbook/testing';

// Of the requests that are pipelined behind one that is held, a plain server hands all to the app, ours none.
const SERVERS = [
  ['our server', createHttpServer, { handedOver: 1 }],
  ['a plain server', (app: Parameters<typeof createHttpServer>[0]) => createServer(app), { handedOver: 5 }],
] as const;

describe.each(SERVERS)('the completion of a request on %s', (_label, create, { handedOver }) => {
  let kit: TestApp;
  let server: Server;
  const waiting: (() => void)[] = [];

  afterEach(async () => {
    for (const answer of waiting.splice(0)) answer();
    server.closeAllConnections();
    server.close();
    await kit.close();
  });

  /** `/held` is answered when the test says so. */
  async function open(env: Record<string, string> = {}): Promise<Socket> {
    kit = testApp(
      (app) => {
        app.use(express.json());
        app.get('/held', (_req, res) => {
          waiting.push(() => res.json({ ok: true }));
        });
        app.post('/upload', (_req, res) => {
          res.json({ ok: true });
        });
      },
      { env },
    );
    server = create(kit.app);
    kit.ops.shutdown.serve(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  it('comes for each pipelined request that the app has when their connection ends (S19, S34)', async () => {
    const socket = await open();
    socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(5));
    await expect.poll(() => waiting.length).toBe(handedOver);
    socket.destroy();
    await expect.poll(() => kit.logs.filter({ msg: 'Request aborted', statusCode: 499 }).length).toBe(handedOver);
    expect(await kit.metrics.value('http_requests_in_flight')).toBe(0);
    expect(await kit.metrics.value('http_requests_aborted_total')).toBe(handedOver);
    const { cutRequests, exitCode } = await kit.ops.shutdown.shutdown('test');
    expect({ cutRequests, exitCode }).toEqual({ cutRequests: 0, exitCode: 0 });
  });

  it('tells an upload that was broken off from one that was refused (S19)', async () => {
    const socket = await open();
    const head = 'POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n';
    socket.write(`${head}{"half":`);
    await expect.poll(async () => (await kit.ops.metrics.render()).includes('http_requests_in_flight 1')).toBe(true);
    socket.destroy();
    const line = await kit.logs.waitFor({ url: '/upload', aborted: true });
    expect(line).toMatchObject({ msg: 'Request aborted', statusCode: 499 });
    expect(kit.logs.filter({ url: '/upload', msg: /^Request (completed|aborted)/ })).toHaveLength(1);
  });

  it('counts what a shutdown cuts as broken off by the service, not as left by the client', async () => {
    const socket = await open({ SHUTDOWN_TIMEOUT_MS: '100' });
    socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => waiting.length).toBe(1);
    const { cutRequests, exitCode } = await kit.ops.shutdown.shutdown('test');
    expect({ cutRequests, exitCode }).toEqual({ cutRequests: 1, exitCode: 1 });
    expect(kit.logs.find({ url: '/held', outcome: 'errored' })).toMatchObject({
      statusCode: 500,
      msg: 'Request errored',
    });
    expect(await kit.metrics.value('errors_total')).toBe(1);
    expect(await kit.metrics.value('http_requests_aborted_total')).toBe(0);
  });

  it('comes for pipelined requests that a shutdown lets finish: all are answered, the last one closes (S2)', async () => {
    const socket = await open();
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
    await expect.poll(() => waiting.length).toBe(Math.min(handedOver, 3));
    const over = kit.ops.shutdown.shutdown('test');
    for (let answered = 0; answered < 3; answered++) {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()?.();
    }
    const { cutRequests } = await over;
    expect(cutRequests).toBe(0);
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
    expect(received.match(/^Connection: close/gim)).toHaveLength(1);
  });
});
