import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ConfigError } from '../core/config-error.js';
import { describe } from '../core/options.js';
import type { JobRun } from './job-type.js';

/** What the thread says at its end. */
type Report = { readonly result: unknown } | { readonly thrown: ThrownInThread };

interface ThrownInThread {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: unknown;
}

/**
 * Text and no file: it would have to be found beside this code however that is bundled. Errors are sent by their parts,
 * because a copy of one has no `code` (https://nodejs.org/api/worker_threads.html#portpostmessagevalue-transferlist).
 * `import()` of CommonJS that was compiled from ESM gives its default as `default.default`.
 */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const textOf = (value) => (value === undefined ? undefined : String(value));
(async () => {
  try {
    const module = await import(workerData.url);
    const run = typeof module.default === 'function' ? module.default : module.default?.default;
    if (typeof run !== 'function') throw new Error(workerData.url + ' exports no function as default');
    parentPort.postMessage({ result: await run(workerData.payload, workerData.job) });
  } catch (error) {
    const { name, message, stack, code } = error instanceof Error ? error : { message: error };
    const plainCode = typeof code === 'number' ? code : textOf(code);
    parentPort.postMessage({ thrown: { name: name ?? 'Error', message: textOf(message) ?? '', stack: textOf(stack), code: plainCode } });
  }
})();`;

/**
 * A `run` for work that keeps a processor busy: each attempt calls the default export of a module, with the payload and
 * `{ id, attempt }`, in a thread of its own. Requests, probes and the job's own signs of life go on meanwhile, and a job that takes
 * longer than its `timeoutMs` is really ended. The thread shares nothing with this one: it makes the connections it needs, and
 * what it returns is copied. Throws `ConfigError` for what is neither a `file:` URL nor an absolute path.
 *
 * @example
 * // report.js: export default async function report({ month }) { … }
 * createJobs({ pool, types: { report: { run: inThread(new URL('./report.js', import.meta.url)) } } });
 */
export function inThread(file: string | URL): (payload: unknown, job: JobRun) => Promise<unknown> {
  const url = urlOf(file);
  return async (payload, { id, attempt, signal }) => {
    signal.throwIfAborted();
    const worker = new Worker(THREAD, { eval: true, workerData: { url, payload, job: { id, attempt } } });
    try {
      const report = await reportOf(worker, signal);
      if ('result' in report) return report.result;
      const { name, message, stack, code } = report.thrown;
      throw Object.assign(new Error(message), { name, stack, code });
    } finally {
      await worker.terminate();
    }
  };
}

function reportOf(worker: Worker, signal: AbortSignal): Promise<Report> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    // Out of memory, for one.
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the thread ended with code ${String(code)} before the job did`));
    });
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

function urlOf(file: string | URL): string {
  if (file instanceof URL && file.protocol === 'file:') return file.href;
  if (typeof file === 'string' && isAbsolute(file)) return pathToFileURL(file).href;
  const problem = `must be a file: URL, e.g. new URL('./report.js', import.meta.url), or an absolute path, got ${describe(file)}`;
  throw new ConfigError('ERR_OPTION_INVALID', 'inThread.file', problem);
}
