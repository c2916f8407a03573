import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bodyLimit, createHttpServer } from 'express-runbook';
import { createPool, type ObservedPool } from 'express-runbook/postgres';
import { testApp, type TestApp } from 'express-runbook/testing';
import { BODIES, ENDLESS } from '../corpus/bodies.js';
import { fromExample } from '../support/example-sources.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { listening, parsedAnswer, rawExchange } from '../support/raw-exchange.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const MAX_BYTES = 100 * 1024;
const JSON_TYPE = ['Content-Type: application/json'];
const person = z.object({ name: z.string().min(1).max(200), id: z.string().optional() });

let database: TestDatabase;
let pool: ObservedPool;
beforeAll(async () => {
  database = await testDatabase();
  pool = createPool({ connectionString: database.url });
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

describe.each(EXPRESS_MAJORS)('hostile bodies to a service on %s', (_label, create) => {
  let service: TestApp;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    const { body, refuseBrokenText } = (await fromExample('validation.ts')) as {
      body: (schema: typeof person, req: unknown) => z.output<typeof person>;
      refuseBrokenText: (req: object, res: object, bytes: Buffer, encoding: string) => void;
    };
    service = testApp(
      (app, { logger }) => {
        app.use(bodyLimit({ maxBytes: MAX_BYTES }), create.json({ limit: MAX_BYTES, verify: refuseBrokenText }));
        app.post('/people', (req, res, next) => {
          const given = body(person, req);
          const all = { ...(req.body as object), ...given };
          logger.info({ body: all }, 'Person came');
          pool
            .query<{ name: string }>('select $1::jsonb, $2::text as name', [JSON.stringify(all), given.name])
            .then(({ rows: [row] }) => res.json({ name: row?.name }), next);
        });
      },
      { app: create(), rateLimit: false },
    );
    server = createHttpServer(service.app);
    port = await listening(server);
  });
  beforeEach(() => service.logs.clear());
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await service.close();
  });

  const post = (body: string, headers: readonly string[] = JSON_TYPE): string =>
    [
      'POST /people HTTP/1.1',
      'Host: x',
      'Connection: close',
      `Content-Length: ${body.length}`,
      ...headers,
      '',
      body,
    ].join('\r\n');

  it.each(BODIES)(
    '$id $what: the right answer, no word of it in a line (S24, ERR-17)',
    async ({ body, headers, status, name }) => {
      const answer = parsedAnswer(await rawExchange(port, post(body, headers)));
      expect([status].flat(), answer.body).toContain(answer.status);
      const sent = JSON.parse(answer.body) as object;
      const { status: code } = answer;
      expect(sent).toEqual(
        code === 200
          ? { name }
          : {
              success: false,
              error: { code, message: expect.not.stringMatching(/hunter|passwd|\n|at .*\.[jt]s:\d/) as string },
              requestId: answer.headers['x-request-id'],
            },
      );
      await service.settled();
      expect(service.logs.filter({ msg: 'Request completed' })).toMatchObject([{ statusCode: code }]);
      expect(service.logs.filter({ msg: 'Request refused' })).toHaveLength(code === 200 ? 0 : 1);
      expect(service.logs.filter({ level: 'error' })).toEqual([]);
      if (service.logs.filter({ msg: 'Person came' }).length === 0) expect(service.logs.text()).not.toContain('hunter');
      for (const line of service.logs.text().split('\n'))
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(16 * 1024);
      expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    },
  );

  it('122 an upload without end: cut soon after the limit, one answer, one line (S24)', async () => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.on('error', () => undefined);
    socket.write(['POST /people HTTP/1.1', 'Host: x', ...ENDLESS.headers, '', ''].join('\r\n'));
    const upload = setInterval(() => socket.write(ENDLESS.chunk.repeat(4)), 1);
    await once(socket, 'close');
    clearInterval(upload);
    expect(parsedAnswer(answer).status).toBe(413);
    await service.settled();
    expect(service.logs.filter({ msg: 'Request refused' })).toHaveLength(1);
  });
});
