import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_VARIABLES } from 'express-runbook';
import { ALERTS_DEFAULTS, createAlerts, webhookChannel, type AlertChannel } from 'express-runbook/alerts';
import { EVENT } from '../alerts/event.js';
import { testDatabase } from '../support/postgres.js';
import { rowsOf, snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/in-process-alerts.md';
const MIGRATION = 'examples/reference-server/migrations/20260105_120000_create_alerts.sql';

describe('the page about alerts in the process', () => {
  it('shows code that is compiled and run here, and no other', () => {
    const snippets = snippetsOf(PAGE, 'ts');
    expect(snippets.map(({ path }) => path)).toEqual(
      ['alerts', 'receiver', 'channel'].map((name) => `test/guides/alerts/${name}.ts`),
    );
    for (const { code, source } of snippets) expect(code).toBe(source);
    const migration = readFileSync(new URL(`../../${MIGRATION}`, import.meta.url), 'utf8');
    expect(snippetsOf(PAGE, 'sql').map(({ code }) => code)).toEqual([migration]);
  });

  it('shows code that works', async () => {
    const database = await testDatabase();
    const secret = 'a secret of enough characters';
    Object.assign(process.env, {
      DATABASE_URL: database.url,
      LOG_LEVEL: 'fatal',
      LOG_REQUESTS: 'false',
    });
    const { app, alerts, ops, pool } = await import('./alerts/alerts.js');
    await pool.query(snippetsOf(PAGE, 'sql')[0]?.code ?? '');
    await request(app).post('/payments').expect(202);
    await alerts.flush();
    const { rows } = await pool.query('SELECT name, severity, metadata FROM alerts');
    const metadata = { errorRate: 0.0523, threshold: 0.05 };
    expect(rows).toEqual([{ name: 'Payment provider refuses', severity: 'high', metadata }]);

    // The receiver is another service.
    process.env.ALERTS_WEBHOOK_SECRET = secret;
    const { receiver } = await import('./alerts/receiver.js');
    const server = receiver.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`;
    const send = (signedBy: string): Promise<void> =>
      webhookChannel({ url, secret: signedBy, allowNetworks: ['127.0.0.1'] }).send(EVENT, AbortSignal.timeout(5000));
    await send(secret);
    await expect(send('another secret, also long')).rejects.toThrow('answered 401');
    server.close();

    const { mailChannel } = await import('./alerts/channel.js');
    const mails: unknown[] = [];
    const mail = (channel: AlertChannel): Promise<void> => channel.send(EVENT, AbortSignal.timeout(5000));
    await mail(mailChannel({ send: (one) => Promise.resolve(void mails.push(one)) }, 'ops@example.com'));
    expect(mails).toMatchObject([{ to: 'ops@example.com', subject: '[orders] HighErrorRatio' }]);
    const gone = Object.assign(new Error('no such box'), { responseCode: 550 });
    await expect(mail(mailChannel({ send: () => Promise.reject(gone) }, 'x'))).rejects.toMatchObject({
      mayRetry: false,
    });
    await alerts.close();
    await ops.shutdown.shutdown();
    await database.drop();
  });

  it('has every option with its default', () => {
    const rows = rowsOf(PAGE);
    const defaults = Object.entries(ALERTS_DEFAULTS).filter(([, value]) => typeof value === 'number');
    expect(defaults.map(([name]) => [name, rows.get(name)?.[0]])).toEqual(
      defaults.map(([name, value]) => [name, `\`${JSON.stringify(value)}\``]),
    );
  });

  it('has every metric, every measure that is read here and every variable, and none that there is not', async () => {
    const registry = new Registry();
    createAlerts({ service: 'x', registry, store: { append: () => Promise.resolve() }, intervalMs: 0 });
    const known = (await registry.getMetricsAsJSON())
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('metric'));
    const keys = [...rowsOf(PAGE).keys()];
    expect(keys.filter((key) => key.startsWith('alerts_')).sort()).toEqual(known.sort());
    const variables = ENVIRONMENT_VARIABLES.filter(({ group }) => group === 'Alerts').map(({ name }) => name as string);
    expect(keys.filter((key) => /^[A-Z_]+$/.test(key)).sort()).toEqual(variables.sort());
  });
});
