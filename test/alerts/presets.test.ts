import { describe, expect, it } from 'vitest';
import {
  acceptedRules,
  ALERT_LEVELS,
  ALERT_PRESETS,
  dueAt,
  incidentLevelOf,
  SEVERITIES,
  severityOf,
  type AlertPreset,
  type AlertPresetName,
  type AlertRule,
} from 'express-runbook/alerts';

const presets = Object.entries(ALERT_PRESETS) as [AlertPresetName, AlertPreset][];

type Numbers = readonly [warning: number | undefined, critical: number | undefined];

/** As the guides print them: side by side in table 6.1 of the requirements. */
const TABLES: Readonly<Record<AlertPresetName, Readonly<Record<string, Numbers>>>> = {
  builder: {
    errorRatio: [0.005, 0.01],
    latencyP95: [0.3, 0.5],
    poolUtilization: [0.7, 0.85],
    memoryUtilization: [0.75, 0.85],
    cpuUtilization: [0.7, 0.85],
    livenessFailing: [undefined, 0],
    readinessFailing: [undefined, 0],
    overallStatus: [0, 1],
  },
  builderInline: {
    poolUtilization: [0.8, undefined],
    memoryUtilization: [0.8, 0.9],
    cpuUtilization: [0.7, 0.9],
    dbResponseTime: [0.5, undefined],
    logLinesPerSecond: [500, undefined],
    livenessFailing: [undefined, 0],
    readinessFailing: [undefined, 0],
    overallStatus: [0, 1],
  },
  codebook: {
    errorRatio: [0.02, 0.05],
    latencyP95: [undefined, 5],
    poolUtilization: [undefined, 0.999],
    diskFree: [undefined, 0.1],
    dbResponseTime: [1, undefined],
    jobQueueDepth: [100, undefined],
    llmErrorRatio: [0.1, undefined],
    llmQuotaUsed: [0.8, 1],
    certificateDaysLeft: [30, undefined],
    externalServiceDown: [undefined, 0],
  },
  ordo: {
    errorRatio: [0.01, 0.05],
    latencyP95: [0.5, 2],
    poolUtilization: [0.8, 0.95],
    memoryUtilization: [0.8, 0.95],
    cpuUtilization: [0.7, 0.9],
    diskUtilization: [0.8, 0.95],
    cacheHitRatio: [0.8, 0.5],
  },
  ordoInline: {
    errorRatio: [0.01, undefined],
    latencyP95: [1, undefined],
    memoryUtilization: [0.85, undefined],
    cpuUtilization: [0.8, undefined],
    diskUtilization: [0.9, undefined],
    dbResponseTime: [0.1, undefined],
    cacheHitRatio: [0.8, undefined],
    eventLoopLag: [0.1, undefined],
  },
  booky: {
    errorRatio: [0.01, 0.05],
    latencyP95: [0.5, 1],
    memoryUtilization: [0.7, 0.9],
    diskUtilization: [0.7, 0.9],
    activeConnections: [1000, 2000],
  },
  beo: {
    errorRatio: [0.01, 0.05],
    latencyAverage: [1, undefined],
    poolUtilization: [0.8, undefined],
    heapUtilization: [0.85, undefined],
    cpuUtilization: [0.8, undefined],
    diskUtilization: [0.85, undefined],
    dbResponseTime: [1, undefined],
    eventQueueSize: [1000, undefined],
  },
};

describe('the presets of alert rules', () => {
  it.each(presets)('%s has the numbers of its guide, and no other (ALR-01 to ALR-19, ALR-21, X-31)', (name, preset) => {
    const numbers = preset.rules.map(({ measure, warning, critical }) => [
      measure,
      [warning?.threshold, critical?.threshold],
    ]);
    expect(Object.fromEntries(numbers)).toEqual(TABLES[name]);
    expect(numbers).toHaveLength(Object.keys(TABLES[name]).length);
  });

  it.each(presets)('%s is plain data, and rules that can be watched', (_name, preset) => {
    expect(JSON.parse(JSON.stringify(preset))).toEqual(preset);
    expect(acceptedRules('rules', preset.rules)).toBe(preset.rules);
  });

  it.each(presets)('%s has a level and receivers for each severity (X-33, X-34, ALR-25)', (_name, preset) => {
    for (const severity of SEVERITIES) {
      expect(incidentLevelOf(preset.incidentLevels, severity), severity).toBeDefined();
      expect(preset.receivers[severity].length, severity).toBeGreaterThan(0);
    }
  });

  it('holds as long as the guides say: 10, 5 and 15 minutes (ALR-01, ALR-12, ALR-17, ALR-18, ALR-20)', () => {
    const rule = (preset: AlertPreset, measure: string): AlertRule =>
      preset.rules.find((one) => one.measure === measure)!;
    const { builder, codebook } = ALERT_PRESETS;
    expect(rule(codebook, 'errorRatio')).toMatchObject({
      warning: { holdSeconds: 600 },
      critical: { holdSeconds: 300 },
    });
    expect(rule(codebook, 'llmErrorRatio').warning?.holdSeconds).toBe(600);
    expect(rule(builder, 'livenessFailing').critical?.holdSeconds).toBe(0);
    expect(rule(builder, 'readinessFailing').critical?.holdSeconds).toBe(300);
    expect(rule(builder, 'overallStatus')).toMatchObject({
      warning: { holdSeconds: 900 },
      critical: { holdSeconds: 0 },
    });
  });

  it('compares downwards where less is worse (ALR-08, ALR-14, ALR-20)', () => {
    const below = presets.flatMap(([, { rules }]) => rules.filter(({ comparison }) => comparison === 'below'));
    expect([...new Set(below.map(({ measure }) => measure))].sort()).toEqual([
      'cacheHitRatio',
      'certificateDaysLeft',
      'diskFree',
    ]);
  });

  it('has the words of the five teams as levels over one severity: P1 is an outage here and not there (X-33)', () => {
    const levelsOf = ({ incidentLevels }: AlertPreset): (string | undefined)[] =>
      [...SEVERITIES].reverse().map((severity) => incidentLevelOf(incidentLevels, severity)?.name);
    expect(levelsOf(ALERT_PRESETS.builder)).toEqual(['P1', 'P2', 'P2', 'P3']);
    expect(levelsOf(ALERT_PRESETS.codebook)).toEqual(['P0', 'P1', 'P2', 'P2']);
    expect(levelsOf(ALERT_PRESETS.ordo)).toEqual(['critical', 'high', 'medium', 'low']);
    expect(levelsOf(ALERT_PRESETS.booky)).toEqual(['critical', 'warning', 'warning', 'warning']);
    expect(levelsOf(ALERT_PRESETS.beo)).toEqual(['Critical', 'High', 'Medium', 'Low']);
  });

  it('takes the severity of a threshold from its level unless it names one: 5 % errors are `high` in the code of E', () => {
    const [errors] = ALERT_PRESETS.beo.rules;
    expect(ALERT_LEVELS.map((level) => severityOf(errors!, level))).toEqual(['medium', 'high']);
    const [ofOrdo] = ALERT_PRESETS.ordo.rules;
    expect(ALERT_LEVELS.map((level) => severityOf(ofOrdo!, level))).toEqual(['medium', 'critical']);
  });
});

describe('the times of incidents', () => {
  const minutesOf = ({ incidentLevels }: AlertPreset): unknown[] =>
    incidentLevels.map((level) => [level.name, level.acknowledgeMinutes, level.resolveMinutes]);

  it('are those of the guides (INC-01 to INC-03)', () => {
    expect(minutesOf(ALERT_PRESETS.builder)).toEqual(['P1', 'P2', 'P3'].map((name) => [name, undefined, undefined]));
    expect(minutesOf(ALERT_PRESETS.codebook)).toEqual([
      ['P0', 15, 4 * 60],
      ['P1', 60, 24 * 60],
      ['P2', 4 * 60, 3 * 24 * 60],
    ]);
    expect(minutesOf(ALERT_PRESETS.beo)).toEqual([
      ['Critical', 15, undefined],
      ['High', 60, undefined],
      ['Medium', 4 * 60, undefined],
      ['Low', 24 * 60, undefined],
    ]);
  });

  it('say when something is due: 72 h, 24 h; 7 days, 24 h and 1 h before a maintenance (INC-07)', () => {
    const at = new Date('2026-03-10T12:00:00Z');
    expect(dueAt('breachNotice', at).toISOString()).toBe('2026-03-13T12:00:00.000Z');
    expect(dueAt('emergencyPostMortem', at).toISOString()).toBe('2026-03-11T12:00:00.000Z');
    expect(dueAt('maintenanceNotice', at).toISOString()).toBe('2026-03-03T12:00:00.000Z');
    expect(dueAt('maintenanceBanner', at).toISOString()).toBe('2026-03-09T12:00:00.000Z');
    expect(dueAt('maintenanceReminder', at).toISOString()).toBe('2026-03-10T11:00:00.000Z');
  });
});

describe('rules of your own', () => {
  const RULE: AlertRule = {
    name: 'TooManyErrors',
    measure: 'errorRatio',
    comparison: 'above',
    warning: { threshold: 0.02, holdSeconds: 60 },
    critical: { threshold: 0.05, holdSeconds: 0, severity: 'high' },
    summary: 'Too many errors.',
    runbook: 'https://runbooks.example/errors',
  };

  it('are taken when they can be watched', () => {
    expect(acceptedRules('rules', [RULE])).toEqual([RULE]);
  });

  const without = (name: keyof AlertRule): object =>
    Object.fromEntries(Object.entries(RULE).filter(([key]) => key !== name));

  it.each<[string, unknown, string]>([
    ['a list that is none', 'RULE', 'rules must be an array'],
    ['a rule that is none', [null], 'rules item 0 must be an object'],
    ['an unknown option', [{ ...RULE, treshold: 1 }], 'rules[0].treshold is not an option'],
    ['a name that is no name of a file', [{ ...RULE, name: '../../x' }], 'rules[0].name must be in CamelCase'],
    ['a name that is given twice', [RULE, RULE], 'rules[1].name TooManyErrors is the name of an earlier rule'],
    ['a misspelt measure', [{ ...RULE, measure: 'errorRato' }], 'did you mean errorRatio?'],
    ['the name of an inherited property', [{ ...RULE, measure: 'constructor' }], 'rules[0].measure'],
    ['no comparison', [without('comparison')], 'rules[0].comparison is required'],
    ['neither level', [{ ...RULE, warning: undefined, critical: undefined }], 'needs warning, critical or both'],
    [
      'a threshold that is no number',
      [{ ...RULE, warning: { threshold: Number.NaN, holdSeconds: 1 } }],
      'rules[0].warning.threshold',
    ],
    [
      'a hold time below 0',
      [{ ...RULE, warning: { threshold: 0.01, holdSeconds: -1 } }],
      'rules[0].warning.holdSeconds',
    ],
    ['no hold time', [{ ...RULE, warning: { threshold: 0.01 } }], 'rules[0].warning.holdSeconds is required'],
    ['levels the wrong way round', [{ ...RULE, comparison: 'below' }], 'rules[0].critical.threshold must be below'],
  ])('are refused by name: %s', (_what, rules, message) => {
    expect(() => acceptedRules('rules', rules as AlertRule[])).toThrow(message);
  });
});
