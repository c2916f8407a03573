import type { LifecycleState } from '../core/lifecycle.js';
import { answerOf, evenAnswerOf, type Answer } from './answer.js';
import { BODY_FORMATS } from './bodies/body-formats.js';
import { checkWords } from './bodies/components.js';
import { timestampOf } from './bodies/vocabulary.js';
import type { HealthEngine } from './engine/health-engine.js';
import { createFrozenAnswer } from './frozen-answer.js';
import { overallOf, type HealthReport, type OverallStatus } from './health-report.js';
import type { HealthSettings } from './options.js';
import { HEALTH_STATUS_CODES, type HealthEndpoint } from './status-codes.js';

/** How long readiness repeats a pass at most: longer, and traffic keeps coming to a service that cannot serve it. */
const READINESS_TTL_MS = 1000;

export type Probe = () => Answer | Promise<Answer>;

export interface HealthProbes extends Readonly<Record<HealthEndpoint, Probe>> {
  report(): Promise<HealthReport>;
}

/** What each endpoint answers, without the transport. */
export function createHealthProbes(settings: HealthSettings, engine: HealthEngine): HealthProbes {
  const { words, bodyOf } = BODY_FORMATS[settings.format];
  const readinessTtlMs = Math.min(READINESS_TTL_MS, settings.cacheTtlMs);

  function state(): LifecycleState {
    try {
      const state = settings.state();
      if (Object.hasOwn(HEALTH_STATUS_CODES, state)) return state;
      settings.logger.error({ state }, 'The state given to the health router is none that it knows');
    } catch (error) {
      settings.logger.error({ err: error }, 'The state given to the health router could not be read');
    }
    return 'starting';
  }

  function smallBody(status: OverallStatus): { status: string; timestamp: string } {
    return { status: words.overall[status], timestamp: timestampOf(settings.now(), words) };
  }

  async function readiness(): Promise<Answer> {
    if (HEALTH_STATUS_CODES[state()].readiness !== 200) return answerOf(503, { ...smallBody('error'), state: state() });
    const checks = await engine.collect('critical', readinessTtlMs);
    // A signal to stop may have come while the checks ran.
    const current = state();
    const status = HEALTH_STATUS_CODES[current].readiness === 200 ? overallOf(checks) : 'error';
    const body = { ...smallBody(status), state: current, checks: checkWords(checks, words) };
    return answerOf(status === 'error' ? 503 : 200, body);
  }

  async function report(): Promise<HealthReport> {
    const checks = await engine.collect('all', settings.cacheTtlMs);
    const current = state();
    return {
      status: HEALTH_STATUS_CODES[current].health === 200 ? overallOf(checks) : 'error',
      state: current,
      version: settings.version,
      uptimeSeconds: settings.uptimeSeconds(),
      reportedAt: settings.now(),
      checks,
    };
  }

  const codes: Record<OverallStatus, number> = { ok: 200, degraded: settings.statusCodes.degraded, error: 503 };

  return {
    liveness: () => answerOf(200, smallBody('ok')),
    readiness,
    health: createFrozenAnswer({
      cacheTtlMs: settings.cacheTtlMs,
      now: settings.now,
      validity: () => `${state()} ${engine.revision()}`,
      report,
      answerOf: (made) => evenAnswerOf(codes[made.status], bodyOf(made)),
    }),
    report,
  };
}
