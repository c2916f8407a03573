import {
  createLogger,
  createMetrics,
  createOps,
  loggerOptions,
  type LoggerOptions,
  type Ops,
  type ShutdownReport,
} from '../../index.js';
import { captureLogs, type CapturedLogs } from '../captured-logs/captured-logs.js';
import { TestTimeoutError } from '../test-timeout-error.js';
import { resolveTestOpsOptions, type TestOpsOptions } from './options.js';
import { readableMetrics, type ReadableMetrics } from './readable-metrics.js';
import { sentAnswers } from './sent-answers.js';

export interface TestOps {
  /** What `createOps` returns, in the state `ready`. */
  readonly ops: Ops;
  /** What was logged; nothing goes to standard output or into files. */
  readonly logs: CapturedLogs;
  /** What was counted. */
  readonly metrics: ReadableMetrics;
  /**
   * Resolves when every answer that was sent has its line in `logs`. A line is written after its answer, so a client may be
   * faster: only after this a missing line proves something. Rejects with `TestTimeoutError` when a client has not taken its
   * answer within a second. Handlers that have not answered yet are not waited for.
   */
  readonly settled: () => Promise<void>;
  /** Runs the shutdown, hooks and pool included, and says how it went. Nothing is left open. Safe to call twice. */
  readonly close: () => Promise<ShutdownReport>;
}

const SETTLE_TIMEOUT_MS = 1000;

/** Lines are captured as one JSON object each, whose names the tests know, and go nowhere else. */
const CAPTURED: LoggerOptions = { format: 'json', schema: 'flat', dir: undefined, auditDir: undefined };

/**
 * The wiring of `createOps` for tests: an environment of its own, state `ready`, and lines and metrics to look at. For a
 * service that builds its app from `ops`; `testApp` builds one. Several at a time do not disturb each other.
 * Throws what `createOps` throws.
 *
 * @example
 * const { ops, logs, close } = testOps({ env: { RATE_LIMIT_MAX: '3' } });
 * await request(createApp(ops)).get('/orders/7').expect(404);
 * await logs.waitFor({ msg: 'Request completed', statusCode: 404 });
 * await close();
 */
export function testOps(options?: TestOpsOptions): TestOps {
  const settings = resolveTestOpsOptions(options);
  const { service, version } = settings;
  const { logs, stdout } = captureLogs();
  const logger = createLogger({ ...loggerOptions(settings.config), ...CAPTURED, service, version, stdout });
  const metrics = settings.metrics ?? createMetrics({ service, version, logger, defaultMetrics: false });
  const ops = createOps({ ...settings, logger, metrics });
  const answers = sentAnswers();
  ops.shutdown.ready();

  async function settled(): Promise<void> {
    if (await answers.reported(SETTLE_TIMEOUT_MS)) return;
    throw new TestTimeoutError(`a client has not taken its answer within ${SETTLE_TIMEOUT_MS} ms`);
  }

  return {
    ops: { ...ops, before: [answers.follow, ...ops.before] },
    logs,
    metrics: readableMetrics(metrics, settled),
    settled,
    async close() {
      // The logger takes nothing more once it is closed.
      await answers.reported(SETTLE_TIMEOUT_MS);
      const report = await ops.shutdown.shutdown('test');
      ops.shutdown.uninstall();
      return report;
    },
  };
}
