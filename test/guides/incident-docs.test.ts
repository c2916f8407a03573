import { describe, expect, it } from 'vitest';
import { ALERT_PRESETS, INCIDENT_DEADLINES, incidentLevelOf, SEVERITIES } from 'express-runbook/alerts';
import { fromExample } from '../support/example-sources.js';
import { codesIn, sectionOf, tableIn } from './pages.js';

const DOCS = 'examples/reference-server/docs';
const INCIDENTS = `${DOCS}/INCIDENT_RESPONSE.md`;

describe('the page about incidents', () => {
  const levels = tableIn(sectionOf(INCIDENTS, 'Levels'));
  const inWords = (minutes = 0): string =>
    minutes > 1440 ? `${minutes / 1440} days` : minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;

  it('has a row per severity, with each team’s word and times (INC-01, INC-02, INC-03)', () => {
    expect(levels.map(([cell = '']) => codesIn(cell)[0])).toEqual([...SEVERITIES].reverse());
    for (const [cell = '', , builder = '', codebook = '', beo = ''] of levels) {
      const severity = SEVERITIES.find((one) => cell.includes(one));
      if (severity === undefined) throw new Error(`${cell} is no severity`);
      const level = (name: keyof typeof ALERT_PRESETS) => incidentLevelOf(ALERT_PRESETS[name].incidentLevels, severity);
      expect(builder.split(',')[0]).toBe(level('builder')?.name);
      expect(codebook.split(/[:,]/)[0]).toBe(level('codebook')?.name);
      expect(beo).toBe(`${String(level('beo')?.name)}: ${inWords(level('beo')?.acknowledgeMinutes)}`);
    }
    const times = ALERT_PRESETS.codebook.incidentLevels.map(
      ({ name, acknowledgeMinutes, resolveMinutes }) =>
        `${name}: ${inWords(acknowledgeMinutes)}, ${inWords(resolveMinutes)}`,
    );
    expect(levels.map(([, , , codebook]) => codebook).slice(0, 3)).toEqual(times);
  });

  it('has the steps in their order, channels and escalation (INC-04, INC-05, INC-06)', () => {
    const steps = tableIn(sectionOf(INCIDENTS, 'Steps')).map(([cell]) => cell);
    const words = ['Detect', 'Assess', 'Respond', 'Communicate', 'Resolve', 'Post-mortem'];
    expect(steps).toEqual(words.map((word, index) => `${index + 1}. ${word}`));
    const channels = sectionOf(INCIDENTS, 'Channels');
    for (const name of [
      '#incidents',
      '#ops',
      '#devops',
      '#infrastructure',
      '@oncall',
      'security@booky.app',
      'status page',
    ])
      expect(channels).toContain(name);
    expect(tableIn(sectionOf(INCIDENTS, 'Escalation'))).toEqual(
      tableIn(sectionOf('docs/guides/alerts.md', 'Incidents').split('Who is asked next')[1] ?? ''),
    );
  });

  it('has the deadlines that dueAt() counts (INC-07), and maintenance without DNS (INC-08)', () => {
    const rows = tableIn(sectionOf(INCIDENTS, 'Deadlines')).map(([, when = '']) => when);
    const { breachNotice, emergencyPostMortem, maintenanceNotice, maintenanceBanner, maintenanceReminder } =
      INCIDENT_DEADLINES;
    expect(rows.map((when) => when.replace(/^(\d+ \w+).*/, '$1'))).toEqual([
      `${breachNotice / 60} hours`,
      `${emergencyPostMortem / 60} hours`,
      `${-maintenanceNotice / 1440} days`,
      `${-maintenanceBanner / 60} hours`,
      `${-maintenanceReminder / 60} hour`,
    ]);
    expect(sectionOf(INCIDENTS, 'Maintenance mode')).toContain('`MAINTENANCE_FILE`');
  });

  it('and the others say what a breach asks for (DOC-05, INC-09), and whom to call (DOC-03, INC-10)', () => {
    const steps = [...sectionOf(`${DOCS}/SECURITY.md`, 'Incident response').matchAll(/^\d\. \*\*([\w ]+)/gm)];
    expect(steps.map(([, step]) => step)).toEqual([
      'Say so',
      'Block the traffic',
      'Rotate',
      'Keep the evidence',
      'Look',
      'Inform',
      'Learn',
    ]);
    const roles = tableIn(sectionOf(`${DOCS}/CONTACTS.md`, 'Emergency contacts')).map(([role]) => role);
    expect(roles).toEqual(
      expect.arrayContaining(['Backend Lead', 'DevOps Engineer', 'Database Admin', 'On-Call Engineer']),
    );
  });
});

describe('the tables of what is done when', () => {
  it('are the checklist of ten, and how soon what is updated (DOC-06)', () => {
    const ten = tableIn(sectionOf('docs/guides/security.md', 'The checklist of ten'));
    expect(ten.map(([number]) => number)).toEqual(Array.from({ length: 10 }, (_, index) => String(index + 1)));
    expect(tableIn(sectionOf(`${DOCS}/MAINTENANCE.md`, 'Updates of dependencies'))).toEqual([
      ['security fixes', 'at once'],
      ['dependencies, minor and patch', 'monthly'],
      ['features of them that we want', 'quarterly'],
      ['major versions', 'yearly'],
    ]);
  });

  it.each(['Daily', 'Weekly', 'Monthly', 'Quarterly'])('are %s maintenance with what does it (DOC-07)', (when) => {
    const rows = tableIn(sectionOf(`${DOCS}/MAINTENANCE.md`, when));
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter((row) => row.length !== 2 || row.includes(''))).toEqual([]);
  });

  it('have the objectives of the profiles', async () => {
    const objectives = tableIn(sectionOf(`${DOCS}/DISASTER_RECOVERY.md`, 'Objectives'));
    for (const [row, name] of [
      [0, 'builder'],
      [1, 'codebook'],
    ] as const) {
      const { settings } = (await fromExample(`profiles/${name}.ts`))[name] as { settings: Record<string, string> };
      const [, lost, back] = objectives[row] ?? [];
      expect([lost, back?.split(',')[0]]).toEqual(
        [settings.BACKUP_RPO, settings.BACKUP_RTO].map((time) => time?.replace('h', ' h')),
      );
    }
  });
});
