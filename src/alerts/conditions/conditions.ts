import {
  ALERT_LEVELS,
  LEVEL_SEVERITIES,
  MEASURES,
  severityOf,
  type AlertLevel,
  type AlertRule,
  type Severity,
} from '../thresholds/index.js';
import type { Readings } from '../measures/measured.js';
import type { Said } from '../states/alert-state.js';
import { createCondition, type Condition, type ConditionSettings } from './condition.js';
import { valueText } from './value-text.js';

/** An alert that is on, as this instance sees it. */
export interface Found extends Said {
  readonly name: string;
  readonly resource?: string;
}

export interface ConditionsSettings extends ConditionSettings {
  readonly rules: readonly AlertRule[];
  /** The folder of the pages that say what to do. */
  readonly runbooks: string | undefined;
}

/** Whether people know that the alert is on and at least as bad. What has been told as less must hold for its time before it is worse. */
export type IsKnown = (name: string, resource: string | undefined, severity: Severity) => boolean;

export interface Conditions {
  /** Which alerts are on, from what is measured now. Those about a measure that could not be read stay as they were. */
  step(
    readings: Readings,
    now: number,
    isKnown: IsKnown,
    /** What is not well, for alerts about the state of the service. */
    causes: readonly string[],
  ): Found[];
}

/** Resources of one rule that are watched: a label of a metric that grows must not fill the memory. */
const MAX_RESOURCES = 100;

type Levels = Partial<Record<AlertLevel, Condition>>;

export function createConditions(settings: ConditionsSettings): Conditions {
  const watched = settings.rules.map((rule) => ({ rule, resources: new Map<string | undefined, Levels>() }));

  function levelsOf(rule: AlertRule): Levels {
    const { warning, critical } = rule;
    return {
      ...(warning === undefined ? {} : { warning: createCondition(rule, warning, settings) }),
      ...(critical === undefined ? {} : { critical: createCondition(rule, critical, settings) }),
    };
  }

  return {
    step({ values, unread }, now, isKnown, causes) {
      return watched.flatMap(({ rule, resources }) => {
        const measured = new Map((values.get(rule.measure) ?? []).map(({ resource, value }) => [resource, value]));
        for (const resource of measured.keys()) {
          if (!resources.has(resource) && resources.size < MAX_RESOURCES) resources.set(resource, levelsOf(rule));
        }
        const isUnread = unread.has(rule.measure);
        return [...resources].flatMap(([resource, levels]) => {
          const value = measured.get(resource);
          const on = ALERT_LEVELS.filter((level) => {
            if (isUnread) return levels[level]?.isOn();
            const severity = severityOf(rule, level);
            return levels[level]?.step(value, now, severity !== undefined && isKnown(rule.name, resource, severity));
          });
          if (on.length === 0 && value === undefined && !isUnread) resources.delete(resource);
          const level = on.at(-1);
          return level === undefined
            ? []
            : [foundOf(rule, level, { value, isUnread, resource, causes }, settings.runbooks)];
        });
      });
    },
  };
}

interface Finding {
  readonly value: number | undefined;
  readonly isUnread: boolean;
  readonly resource: string | undefined;
  readonly causes: readonly string[];
}

function foundOf(rule: AlertRule, level: AlertLevel, finding: Finding, runbooks: string | undefined): Found {
  const { name, measure, comparison, summary } = rule;
  const { value, isUnread, resource, causes } = finding;
  const { threshold = 0, severity = LEVEL_SEVERITIES[level] } = rule[level] ?? {};
  const isState = MEASURES[measure].unit === 'state';
  const now =
    value === undefined
      ? isUnread
        ? 'It cannot be read now'
        : 'Nothing is measured any more'
      : `Now ${valueText(measure, value)}`;
  const numbers = `${now}; alert ${comparison} ${valueText(measure, threshold)}.`;
  const why = isState ? (resource === undefined ? causes.join('; ') : '') : numbers;
  const runbook = rule.runbook ?? (runbooks === undefined ? undefined : `${runbooks.replace(/\/$/, '')}/${name}.md`);
  return {
    name,
    severity,
    message: why === '' ? summary : `${summary} ${why}`,
    metadata: { measure, level, ...(value === undefined ? {} : { value }), threshold },
    ...(resource === undefined ? {} : { resource }),
    ...(runbook === undefined ? {} : { runbook }),
  };
}
