import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ALERT_PRESETS, grafanaDashboards, prometheusRules, type AlertRule } from 'express-runbook/alerts';
import { bin } from '../cli/cli.js';
import { GENERATED_TEXTS } from '../corpus/generated-texts.js';
import { requireTool } from '../support/real-tools.js';

const promtool = requireTool('promtool');
const textsOf = (wanted: string): string[] =>
  GENERATED_TEXTS.filter(({ where }) => where === wanted).map(({ text }) => text);

const rule = (name: string, texts: Partial<AlertRule> = {}): AlertRule => ({
  name,
  measure: 'eventQueueSize',
  comparison: 'above',
  warning: { threshold: 1000, holdSeconds: 0 },
  summary: 'Too many errors.',
  ...texts,
});

describe('texts in what is generated (S49, inputs 253 to 255)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'texts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What promtool says of the rules and of their tests, which compare every text with what Prometheus makes of it. */
  async function tested(rules: readonly AlertRule[], ...options: string[]): Promise<string> {
    const [text = ''] = textsOf('rule');
    const incidentLevels = [{ name: text, meaning: 'any', severities: ['medium'] }];
    const table = join(folder, 'table.mjs');
    writeFileSync(table, `export default ${JSON.stringify({ ...ALERT_PRESETS.ordo, rules, incidentLevels })}`);
    // As a process of its own: a module is loaded only once.
    const { exitCode } = await bin('', ['alerts', 'generate', '--table', table, '--dir', folder, ...options]);
    expect(exitCode).toBe(0);
    const file = (name: string): string => join(folder, name);
    return (
      promtool.exec(['check', 'rules', file('alerts.yml')]) + promtool.exec(['test', 'rules', file('alerts.test.yml')])
    );
  }

  it.skipIf(!promtool.isInstalled)(
    'come out of Prometheus as they were given, what looks like a template too',
    async () => {
      const texts = textsOf('rule');
      const rules = texts.map((text, index) => rule(`Rule${index}`, { summary: text, runbook: text }));
      const said = await tested(rules);
      expect(said).toContain(`SUCCESS: ${texts.length} rules found`);
      expect(said).not.toContain('FAILED');
      const written = parse(readFileSync(join(folder, 'alerts.yml'), 'utf8')) as object;
      expect(written).toEqual(
        prometheusRules({ rules, incidentLevels: [{ name: '"', meaning: '', severities: ['medium'] }] }),
      );
    },
  );

  it.skipIf(!promtool.isInstalled)('stand in selectors as label values', async () => {
    const [text = ''] = textsOf('selector');
    const said = await tested([rule('Odd')], '--label', `job=${text}`);
    expect(said).toContain('SUCCESS: 1 rules found');
    expect(said).not.toContain('FAILED');
  });

  it.each(textsOf('rule'))('are refused as the name of an alert, which is the name of a file too: %j', (text) => {
    const isPlain = /^[A-Z][A-Za-z0-9]*$/.test(text);
    expect(isPlain).toBe(false);
    expect(() => prometheusRules({ rules: [rule(text)] })).toThrow(
      'prometheusRules.rules[0].name must be in CamelCase',
    );
  });

  it('stand in dashboards as they were given', () => {
    const [text = ''] = textsOf('dashboard');
    const given = { uid: 'orders', title: text, links: [{ title: text, url: `https://example.com/${text}` }] };
    const dashboards = grafanaDashboards(given);
    const back = JSON.parse(JSON.stringify(dashboards)) as typeof dashboards;
    expect(back).toEqual(dashboards);
    expect(back['service.json']).toMatchObject({ title: `${text}: Service`, links: [{}, given.links[0]] });
  });
});
