import { expect, it } from 'vitest';
import {
  ALERT_LEVELS,
  ALERT_PRESETS,
  MEASURE_NAMES,
  MEASURES,
  prometheusRules,
  type AlertPreset,
  type MeasureName,
} from 'express-runbook/alerts';
import { rowsOf, snippetsOf } from './snippets-of.js';

it('the page about alerts shows code that is compiled and run here, and no other', () => {
  for (const { code, source } of snippetsOf('docs/guides/alerts.md', 'ts')) expect(code).toBe(source);
});

it('a rule of your own in place of that of a preset is in what is generated', async () => {
  const { rules } = await import('./alerts/rules.js');
  expect(rules).toHaveLength(ALERT_PRESETS.booky.rules.length);
  expect(JSON.stringify(prometheusRules({ rules }))).toContain('Searches take too long.');
});

it('its table has the numbers of each preset, and no other (ALR-21)', () => {
  const rows = rowsOf('docs/guides/alerts.md');
  const presets = Object.values<AlertPreset>(ALERT_PRESETS);
  for (const measure of MEASURE_NAMES) {
    for (const [index, { rules }] of presets.entries()) {
      const cell = (rows.get(measure) ?? [])[index] ?? '';
      const rule = rules.find((one) => one.measure === measure);
      expect(cell !== '', `${measure}: ${cell}`).toBe(rule !== undefined);
      // States, and "all" of the pool, are told in words.
      if (rule === undefined || MEASURES[measure].unit === 'state' || cell.includes('all')) continue;
      const told = cell.split(' / ').map((text) => /^–|^[\d.]+(?: [s%](?!\w))?/.exec(text)?.[0]);
      expect(told, `${measure}: ${cell}`).toEqual(ALERT_LEVELS.map((level) => shown(measure, rule[level]?.threshold)));
    }
  }
});

function shown(measure: MeasureName, threshold: number | undefined): string {
  if (threshold === undefined) return '–';
  const { unit } = MEASURES[measure];
  if (unit === 'ratio') return `${Number((threshold * 100).toPrecision(4))} %`;
  return unit === 'seconds' ? `${threshold} s` : String(threshold);
}
