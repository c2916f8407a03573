import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from 'express-runbook/testing';
import { chromiumTool, launchBrowser } from '../support/browser.js';
import { testServer } from '../support/postgres.js';
import { runTask } from '../support/seeded-database.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';

const TOKEN = 'a-token-of-the-house';
const BEARER = { Authorization: `Bearer ${TOKEN}` };
const HOSTILE = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
const VIEWS = ['overview', 'requests', 'queries', 'errors', 'log', 'work', 'alerts', 'configuration'] as const;
const MAX_PAGE_BYTES = 120_000;

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

let postgres: EmbeddedPostgres;
let server: ReferenceServer;
let browser: Browser;

describe.skipIf(!chromiumTool.isInstalled)('the ops console in Chromium, on the reference server', () => {
  const violations: string[] = [];
  const elsewhere: string[] = [];
  let page: Page;

  beforeAll(async () => {
    postgres = await testServer();
    await runTask(postgres.url, 'migration:run');
    server = await launch({ env: environment() });
    browser = await launchBrowser();
    page = await opened({});
    await signIn(page);
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await server.stop();
    await postgres.stop();
  });

  function environment(): Record<string, string> {
    return { DATABASE_URL: postgres.url, OPS_TOKEN: TOKEN, LOG_LEVEL: 'info', DEV_ROUTES: 'true' };
  }

  async function opened(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
    const context = await browser.newContext(options);
    const fresh = await context.newPage();
    fresh.on('console', (message) => {
      if (/content security policy|trusted/i.test(message.text())) violations.push(message.text());
    });
    fresh.on('pageerror', (error) => violations.push(error.message));
    fresh.on('request', (asked) => {
      if (!asked.url().startsWith(server.url) && !asked.url().startsWith('data:')) elsewhere.push(asked.url());
    });
    return fresh;
  }

  async function signIn(on: Page): Promise<void> {
    await on.goto(`${server.url}/ops`);
    await on.getByLabel('Token').fill(TOKEN);
    await on.getByRole('button', { name: 'Sign in' }).click();
    await on.getByText('Live', { exact: true }).waitFor();
  }

  async function show(view: (typeof VIEWS)[number], on = page): Promise<void> {
    await on.goto(`${server.url}/ops#${view}`);
  }

  async function snapshot() {
    const { body } = await request(server.url).get('/ops/snapshot').set(BEARER).expect(200);
    return body;
  }

  it('asks a browser for the token, refuses another, and keeps nothing that a script can read (SEC-20)', async () => {
    const stranger = await opened({});
    await stranger.goto(`${server.url}/ops`);
    await stranger.getByLabel('Token').fill('another');
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await stranger.getByText('That is not the token.').waitFor();
    await signIn(stranger);
    expect(await stranger.evaluate('document.cookie')).toBe('');
    await stranger.getByRole('button', { name: 'Sign out' }).click();
    await stranger.getByLabel('Token').waitFor();
    await stranger.context().close();
  });

  it('is one page below 120 kB that loads nothing else', async () => {
    const answer = await request(server.url).get('/ops').set(BEARER).expect(200);
    const bytes = Buffer.byteLength(answer.text);
    expect(bytes).toBeLessThan(MAX_PAGE_BYTES);
    // For the record: what a compressing proxy would send.
    expect(gzipSync(answer.text).length).toBeLessThan(bytes / 2);
    expect(answer.text).not.toMatch(/\s(?:src|href)="(?!data:)/);
  });

  it('shows the numbers that /metrics and /health say (MET-02, HLT-01)', async () => {
    for (let turn = 0; turn < 12; turn++) await request(server.url).get('/api/users').expect(401);
    await request(server.url).get('/dev/error?kind=plain').set(BEARER).expect(500);
    await show('requests');
    const row = page.getByRole('row', { name: /GET \/api\/users/ });
    await expect.poll(() => row.getByRole('cell').first().textContent(), { timeout: 10_000 }).toBe('12');
    const { text } = await request(server.url).get('/metrics').set(BEARER);
    const counted = /http_requests_total\{method="GET",endpoint="\/api\/users",status="401"\} (\d+)/.exec(text)?.[1];
    expect(counted).toBe('12');
    const { rows } = (await snapshot()).sections.routes;
    for (const { method, route, requests, errors } of rows) {
      const series = [
        ...text.matchAll(/^http_requests_total\{method="(.*?)",endpoint="(.*?)",status="(.*?)"\} (\d+)$/gm),
      ]
        .filter(([, oneMethod, endpoint]) => oneMethod === method && endpoint === route)
        .map(([, , , status, value]) => ({ status: Number(status), value: Number(value) }));
      const sum = (among: typeof series) => among.reduce((total, { value }) => total + value, 0);
      expect(requests, route).toBe(sum(series));
      expect(errors, route).toBe(sum(series.filter(({ status }) => status >= 500)));
    }

    await show('overview');
    const { body: health } = await request(server.url).get('/health').set(BEARER);
    expect(await page.locator('.checks .name').allTextContents()).toEqual(Object.keys(health.details));
    const [max] = /db_pool_max\{[^}]*\} (\d+)/.exec(text)?.slice(1) ?? [];
    await page.getByText(`of ${String(max)}`, { exact: true }).waitFor();
  });

  it('shows the queue, the types of jobs, the caches and the settings of the service (MET-30)', async () => {
    const { sections, settings } = await snapshot();
    const { text } = await request(server.url).get('/metrics');
    const [, depth] = /^job_queue_depth (\d+)$/m.exec(text) ?? [];
    await show('work');
    await expect.poll(() => page.locator('.tile b').first().textContent()).toBe(depth);
    const types = [...text.matchAll(/^jobs_created_total\{job_type="(.*?)"\}/gm)].map(([, type]) => type);
    expect(types.length).toBeGreaterThan(0);
    for (const type of types) await page.getByRole('rowheader', { name: type, exact: true }).waitFor();
    expect(sections.caches.map(({ name }: { name: string }) => name)).toEqual(
      [...text.matchAll(/^cache_hits_total\{cache="(.*?)"\}/gm)].map(([, name]) => name),
    );
    await show('configuration');
    await page.getByLabel('Name').fill('ops.token');
    const row = page.getByRole('row', { name: /ops\.token/ });
    expect(await row.textContent()).toBe('ops.token***');
    expect(JSON.stringify(settings)).not.toContain(TOKEN);
  });

  it('leads from a failed request to all the lines of its log (ERR-19)', async () => {
    const { headers } = await request(server.url).get('/dev/error?kind=plain').set(BEARER).expect(500);
    await show('errors');
    const entry = page.locator('.errors li', { hasText: headers['x-request-id'] });
    await entry.locator('summary').click();
    expect(await entry.locator('summary').textContent()).toContain('GET /dev/error');
    await entry.getByRole('button', { name: 'Show its log' }).click();
    await page.getByLabel('Request or correlation id').waitFor();
    expect(await page.getByLabel('Request or correlation id').inputValue()).toBe(headers['x-request-id']);
    await expect.poll(() => page.locator('.lines li').count()).toBeGreaterThanOrEqual(2);
    const said = await page.locator('.lines li').allTextContents();
    expect(said.join('\n')).toContain('Error occurred');
    expect(said.join('\n')).toContain('Request completed');
  });

  it('shows hostile text of the log as text (S53)', async () => {
    await show('log');
    await page.getByLabel('Request or correlation id').fill('');
    await page.getByLabel('Text').fill('onerror');
    await page.getByRole('button', { name: 'Apply' }).click();
    await request(server.url)
      .get(`/nowhere/${encodeURI(HOSTILE)}`)
      .set('User-Agent', HOSTILE);
    await request(server.url)
      .post('/api/auth/login')
      .set('Content-Type', 'application/json')
      .send(`{"email":"${HOSTILE.replaceAll('"', "'")}`);
    await page.locator('.lines li').first().waitFor();
    await page.locator('.lines summary').first().click();
    expect(await page.locator('.lines img, .lines script').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
  });

  it('changes the level of the log for a time, and back', async () => {
    await show('log');
    await page.getByLabel('Level', { exact: true }).selectOption('debug');
    await page.getByLabel('For').selectOption('1');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByText(/^debug, until \d\d:\d\d:\d\d; then info again\.$/).waitFor();
    await page.getByRole('button', { name: 'Back at once' }).click();
    await page.getByText('info, as the service was started with.').waitFor();
    const audited = server.logLines('audit/audit.jsonl').map(({ msg }) => msg);
    expect(audited.filter((msg) => msg === 'log_level.change succeeded')).toHaveLength(2);
  });

  it('can be used by keyboard alone, and shows where one is', async () => {
    await show('overview');
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
    const focused: string[] = [];
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('Tab');
      focused.push(String(await page.evaluate('document.activeElement.textContent')));
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
    expect(focused).toEqual(['To the content', '◐ Auto', 'Sign out', expect.stringMatching(/^Overview/), 'Requests']);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /GET/ }).first().waitFor();
    expect(await page.locator('nav a[aria-current]').textContent()).toBe('Requests');
  });

  it.each([
    ['light', 1280, VIEWS],
    ['dark', 390, ['overview', 'log']],
  ] as const)('has no serious finding of axe, %s, %d pixels wide: %j', async (colorScheme, width, views) => {
    const fresh = await opened({ colorScheme, viewport: { width, height: 800 } });
    await signIn(fresh);
    for (const view of views) {
      await show(view, fresh);
      await fresh.locator('main h3').first().waitFor();
      // By the debugger, which no policy of the page holds back.
      await fresh.evaluate(axe.source);
      const { violations: found } = await fresh.evaluate<AxeResult>('axe.run()');
      const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(
        serious.map(({ id, nodes }) => `${view}: ${id} ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`),
      ).toEqual([]);
    }
    await fresh.context().close();
  });

  it('fits a phone, a tablet and a desk, in both themes', async () => {
    const folder = join(import.meta.dirname, '../../.data/console');
    mkdirSync(folder, { recursive: true });
    const cookies = await page.context().cookies();
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [390, 820, 1440]) {
        const fresh = await opened({ colorScheme, viewport: { width, height: width < 500 ? 844 : 900 } });
        await fresh.context().addCookies(cookies);
        for (const view of ['overview', 'log'] as const) {
          await show(view, fresh);
          await fresh.getByText('Live', { exact: true }).waitFor();
          expect(await fresh.evaluate('document.documentElement.scrollWidth - innerWidth'), `${view} ${width}`).toBe(0);
          await fresh.screenshot({ path: join(folder, `${view}-${width}-${colorScheme}.png`) });
        }
        await fresh.context().close();
      }
    }
  });

  it('shows within seconds that the database was killed', async () => {
    await show('overview');
    const database = page.locator('.checks li', { has: page.locator('.name', { hasText: /^database$/ }) });
    await expect.poll(() => database.locator('.status').textContent()).toContain('up');
    await postgres.stop();
    const killedAt = Date.now();
    await expect.poll(() => database.locator('.status').textContent(), { timeout: 10_000 }).toContain('down');
    expect(Date.now() - killedAt).toBeLessThan(10_000);
    await expect.poll(() => page.title()).toMatch(/^error/);
    expect(await database.locator('rect.down').count()).toBeGreaterThan(0);
  });

  it('says that the service is away, and goes on by itself when it is back', async () => {
    await server.stop();
    await page.getByText('No connection, trying again').waitFor();
    server = await launch({ env: { ...environment(), PORT: String(server.port) } });
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 });
  });

  it('has broken no policy and asked nobody else for anything', () => {
    expect(violations).toEqual([]);
    expect(elsewhere).toEqual([]);
  });
});
