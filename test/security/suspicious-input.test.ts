import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { correlationId, suspiciousInput } from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

describe.each(EXPRESS_MAJORS)('suspiciousInput on %s', (_label, create) => {
  function watched() {
    const logger = recordingLogger();
    const registry = new Registry();
    const app = create();
    app.use(correlationId(), suspiciousInput({ logger, registry }), express.json());
    app.use((_req, res) => {
      res.json({ ok: true });
    });
    /** A request, and what was noticed of it by the time the next one was answered. */
    const noticed = async (path: string, body?: unknown) => {
      const asked =
        body === undefined
          ? request(app).get(path)
          : request(app)
              .post(path)
              .send(body as object);
      await asked.expect(200);
      await request(app).get('/after').expect(200);
      return logger.lines;
    };
    return { noticed, registry };
  }

  it.each<[string, string[]]>([
    ['/users/%27%20OR%201%3D1%20--', ['sql']],
    ['/users?q=1%20UNION%20SELECT%20password', ['sql']],
    ['/users?q=1+union+all+select+1', ['sql']],
    ['/users?q=1/**/UNION/**/SELECT', ['sql']],
    ['/users?id=1;DROP%20TABLE%20users', ['sql']],
    ['/users?id=pg_sleep(9)', ['sql']],
    ['/users?id=1%2527%2520or%25201', ['sql']],
    ['/files?name=../../etc/passwd', ['traversal']],
    ['/files/..%2f..%2fsecret', ['traversal']],
    ['/files?name=%252e%252e%255cwin.ini', ['traversal']],
    ['/search?q=%3Cscript%3Ealert(1)%3C/script%3E', ['script']],
    ['/search?q=%22%20onerror=alert(1)', ['script']],
    ['/search?next=javascript:alert(1)', ['script']],
    ['/files?name=a%00.png', ['null_byte']],
    ['/x?a=%3Csvg&b=..%2f%00', ['traversal', 'script', 'null_byte']],
  ])('notices %s as %j, once, and answers it (LOG-53)', async (path, kinds) => {
    const { noticed, registry } = watched();
    const lines = await noticed(path);
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatchObject({ level: 'warn', message: 'suspicious input', fields: { kinds, places: ['url'] } });
    expect(lines[0]?.fields.requestId).toEqual(expect.any(String));
    expect(lines[0]?.fields.path).not.toContain('?');
    const text = await registry.metrics();
    for (const kind of kinds) expect(text).toContain(`suspicious_input_total{kind="${kind}"} 1`);
  });

  it.each([
    '/users/123?limit=10&cursor=eyJpZCI6MX0',
    '/search?q=select+a+union+of+workers',
    "/search?q=O'Brien",
    '/search?q=50%25+off%3B+today',
    '/search?q=drop+me+a+line',
    '/a..b/c...d',
    '/people?name=Or%C3%A9e&on=1',
    '/search?q=1+or+2',
  ])('lets %s be what it is', async (path) => {
    expect(await watched().noticed(path)).toEqual([]);
  });

  it('looks at the keys of a body and not at its values', async () => {
    const { noticed } = watched();
    expect(await noticed('/notes', { text: "x' OR 1=1 -- <script>" })).toEqual([]);
    const lines = await noticed('/notes', { list: [{ "x' OR '1'='1": 1 }] });
    expect(lines.map(({ fields }) => [fields.kinds, fields.places])).toEqual([[['sql'], ['body']]]);
  });

  it('has done with anything in a bounded time', async () => {
    const { noticed } = watched();
    const wide = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`key${index}`, index]));
    const began = process.cpuUsage();
    await noticed(`/x?q=${'%2527/**/or'.repeat(1000)}`);
    const seen = (await noticed(`/x?q=${"'+".repeat(4000)}`)).length;
    expect(await noticed('/x', { ...wide, '<script>': 1 })).toHaveLength(seen);
    await noticed('/x', JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`));
    const { user } = process.cpuUsage(began);
    expect(user / 1000).toBeLessThan(2000);
  });
});
