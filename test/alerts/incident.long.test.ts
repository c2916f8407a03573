import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALERT_PRESETS, prometheusRules } from 'express-runbook/alerts';
import { cli } from '../cli/cli.js';
import { startAlertmanager, type Alertmanager } from '../support/alertmanager.js';
import { startAlerting, type Prometheus } from '../support/prometheus.js';
import { requireTool } from '../support/real-tools.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';

interface Message {
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

const isInstalled = ['prometheus', 'prometheus-alertmanager'].every((name) => requireTool(name).isInstalled);
const PATIENCE = { timeout: 50_000, interval: 100 };

describe.skipIf(!isInstalled)(
  'an error burst on the reference server, seen by a real Prometheus and Alertmanager',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'incident-'));
    const messages: Message[] = [];
    let receiver: Server;
    let server: ReferenceServer;
    let alertmanager: Alertmanager;
    let prometheus: Prometheus;
    let path = '/dev/items/1';
    let traffic: NodeJS.Timeout;

    beforeAll(async () => {
      receiver = createServer((req, res) => {
        void text(req).then((body) => {
          messages.push(JSON.parse(body) as Message);
          res.end();
        });
      }).listen(0, '127.0.0.1');
      await once(receiver, 'listening');
      const { port } = receiver.address() as AddressInfo;
      server = await launch({
        env: { DATABASE_URL: 'postgres://127.0.0.1:1/none', RATE_LIMIT_MAX: '100000', LOG_LEVEL: 'fatal' },
      });
      // Five minutes are six seconds.
      const rehearsal = [
        '--time-scale',
        '0.02',
        '--webhook',
        `http://127.0.0.1:${port}/alerts`,
        '--availability',
        '99.9',
      ];
      const { exitCode } = await cli(['alerts', 'generate', '--preset', 'booky', '--dir', folder, ...rehearsal]);
      expect(exitCode).toBe(0);
      alertmanager = await startAlertmanager(join(folder, 'alertmanager.yml'));
      prometheus = await startAlerting(`127.0.0.1:${server.port}`, join(folder, 'alerts.yml'), alertmanager.address);
      traffic = setInterval(() => void fetch(server.url + path).catch(() => undefined), 50);
    });
    afterAll(async () => {
      clearInterval(traffic);
      await prometheus.stop();
      await alertmanager.stop();
      await server.stop();
      receiver.close();
      rmSync(folder, { recursive: true });
    });

    const said = (name: string, status: string, severity: string) =>
      messages
        .flatMap(({ receiver: to, alerts }) => alerts.map((alert) => ({ to, ...alert })))
        .filter(
          ({ labels, status: now }) => labels.alertname === name && labels.severity === severity && now === status,
        );

    it('says nothing while all is well, tells of the burst by share and by budget, and of its end (ALR-25, ALR-27)', async () => {
      await vi.waitFor(async () => expect((await prometheus.query('up'))[0]?.value).toBe(1), PATIENCE);
      const requests = 'sum(http_requests_total{endpoint="/dev/items/:id"})';
      await vi.waitFor(async () => expect((await prometheus.query(requests))[0]?.value).toBeGreaterThan(60), PATIENCE);
      expect(messages).toEqual([]);

      path = '/dev/error?kind=plain';
      await vi.waitFor(() => {
        expect(said('HighErrorRatio', 'firing', 'critical')).not.toEqual([]);
        expect(said('ErrorBudgetBurn', 'firing', 'critical')).not.toEqual([]);
      }, PATIENCE);
      expect(said('HighErrorRatio', 'firing', 'critical')[0]).toMatchObject({
        to: 'critical',
        labels: { job: 'service', incident_level: 'critical' },
        annotations: {
          description: expect.stringMatching(
            /^Share of requests that are answered with 5xx: [\d.]+%, above 5%\.$/,
          ) as unknown,
          runbook_url: 'runbooks/HighErrorRatio.md',
        },
      });

      path = '/dev/items/1';
      await vi.waitFor(() => {
        expect(said('HighErrorRatio', 'resolved', 'critical')).not.toEqual([]);
        expect(said('ErrorBudgetBurn', 'resolved', 'critical')).not.toEqual([]);
      }, PATIENCE);
      // What is critical silences the warning on the same thing while it lasts: only one that was on before or after is told.
      expect(said('HighErrorRatio', 'firing', 'medium').length).toBeLessThanOrEqual(2);
    }, 120_000);

    it('shows the health of the whole as /health tells it: in error while the database is away (ALR-16 to ALR-18)', async () => {
      const rules = prometheusRules({ rules: ALERT_PRESETS.builder.rules }).groups.flatMap((group) => group.rules);
      const expr = (alert: string): string => {
        const [rule] = rules.filter(
          (one) => 'alert' in one && one.alert === alert && one.labels.severity === 'critical',
        );
        return rule?.expr ?? '';
      };
      const values = async (alert: string): Promise<number[]> =>
        (await prometheus.query(expr(alert))).map(({ value }) => value);
      expect((await fetch(`${server.url}/health`)).status).toBe(503);
      await vi.waitFor(async () => expect(await values('ServiceUnhealthy')).toEqual([2]), PATIENCE);
      expect(await values('ReadinessFailing')).toEqual([1]);
      expect(await values('LivenessFailing')).toEqual([]);
    });
  },
);
