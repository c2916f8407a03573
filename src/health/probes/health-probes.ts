import type { LifecycleState } from '../../core/lifecycle.js';
import type { Answers } from '../http/answer.js';
import type { HealthEngine } from '../engine/health-engine.js';
import { createFrozenAnswers } from './frozen-answers.js';
import type { HealthReport } from '../health-report.js';
import { createHealthReports } from './health-reports.js';
import type { HealthSettings } from '../options.js';
import type { Question } from '../http/question.js';
import type { HealthEndpoint } from '../status-codes.js';
import { createWording } from '../bodies/wording.js';

export interface HealthProbes {
  ask(endpoint: HealthEndpoint, question?: Question): Answers | Promise<Answers>;
  /** What asks the check of that name alone; nothing when the endpoint does not run it. */
  one(endpoint: HealthEndpoint, name: string): (() => Promise<Answers>) | undefined;
  report(): Promise<HealthReport>;
}

/** What each endpoint answers, without the transport. */
export function createHealthProbes(
  settings: HealthSettings,
  engine: HealthEngine,
  state: () => LifecycleState,
): HealthProbes {
  const reports = createHealthReports(settings, engine, state);
  const wording = createWording(settings);

  const frozen = (endpoint: HealthEndpoint, answersOf: (report: HealthReport) => Answers): Frozen =>
    createFrozenAnswers({
      now: settings.now,
      validity: () => `${state()} ${engine.revision()}`,
      report: () => reports.of(endpoint),
      answersOf,
    });

  const plain: Readonly<Record<HealthEndpoint, Frozen>> = {
    liveness: () => wording.liveness(),
    readiness: frozen('readiness', (report) => wording.probe(report)),
    startup: frozen('startup', (report) => wording.probe(report)),
    health: frozen('health', (report) => wording.health(report)),
  };

  async function special(endpoint: HealthEndpoint, { excluded, isVerbose, format }: Question): Promise<Answers> {
    const { report } = await reports.of(endpoint, excluded);
    if (isVerbose) {
      const known = [...excluded].filter((name) => reports.one(endpoint, name) !== undefined);
      return wording.verbose(endpoint, report, known);
    }
    if (endpoint === 'liveness') return wording.liveness();
    return endpoint === 'health' ? wording.health(report, format) : wording.probe(report);
  }

  return {
    ask: (endpoint, question) => (question === undefined ? plain[endpoint]() : special(endpoint, question)),
    one(endpoint, name) {
      const report = reports.one(endpoint, name);
      return report && (async () => wording.check(endpoint, await report()));
    },
    report: async () => (await reports.of('health')).report,
  };
}

type Frozen = () => Answers | Promise<Answers>;
