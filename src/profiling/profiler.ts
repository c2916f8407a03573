import type { Session } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapSnapshot, getHeapStatistics } from 'node:v8';
import { Readable } from 'node:stream';
import { resolveProfilerOptions, type ProfilerOptions, type ProfilerSettings } from './options.js';
import { ProfilerError } from './profiler-error.js';
import { writtenProfile } from './written-profile.js';

/** Looks into a running process. One thing at a time: a second call while a file is being made gets that file. */
export interface Profiler {
  /** Takes a CPU profile of `cpuMs` and resolves with its path: a `.cpuprofile`, which Chrome and VS Code open. */
  cpu(): Promise<string>;
  /**
   * Writes the heap as a `.heapsnapshot` and resolves with its path. The whole process stands still meanwhile, about a
   * second per 100 MB. Rejects with `ERR_PROFILER_MEMORY` when less than twice the used heap is free, which V8 may need
   * (https://nodejs.org/api/v8.html#v8getheapsnapshotoptions).
   */
  heap(): Promise<string>;
  /** Ends a CPU profile early; it is written. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * CPU profiles and heap snapshots of the running process, as files that only its user may read.
 *
 * @example
 * const profiler = createProfiler({ logger });
 * createGracefulShutdown({ logger, onProfile: () => profiler.cpu() });
 */
export function createProfiler(options?: ProfilerOptions): Profiler {
  const settings = resolveProfilerOptions(options);
  const closing = new AbortController();
  const single = { cpu: singleFlight(), heap: singleFlight() };

  return {
    cpu: () => single.cpu(() => told(settings, 'CPU profile', cpuProfile(settings, closing.signal))),
    heap: () => single.heap(() => told(settings, 'Heap snapshot', heapSnapshot(settings))),
    async close() {
      closing.abort();
      await single.cpu.settled();
    },
  };
}

async function cpuProfile({ dir, cpuMs }: ProfilerSettings, closing: AbortSignal): Promise<string> {
  // Only now: a Node that was built without the inspector has no such module.
  const { Session } = await import('node:inspector');
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.start');
    // Rejects for one reason only: it is to end early.
    await sleep(cpuMs, undefined, { signal: closing, ref: false }).catch(() => undefined);
    return await writtenProfile(dir, 'cpuprofile', Readable.from([JSON.stringify(await profileOf(session))]));
  } finally {
    session.disconnect();
  }
}

function profileOf(session: Session): Promise<object> {
  return new Promise((resolve, reject) => {
    session.post('Profiler.stop', (error, { profile }) => {
      if (error === null) resolve(profile);
      else reject(error);
    });
  });
}

async function heapSnapshot({ dir, availableBytes }: ProfilerSettings): Promise<string> {
  const used = getHeapStatistics().used_heap_size;
  const available = availableBytes();
  if (available < 2 * used) {
    throw new ProfilerError(
      'ERR_PROFILER_MEMORY',
      `A heap snapshot needs ${megabytes(2 * used)} of free memory (twice the used heap), there are ${megabytes(available)}`,
    );
  }
  return writtenProfile(dir, 'heapsnapshot', getHeapSnapshot());
}

async function told({ logger }: ProfilerSettings, what: string, writing: Promise<string>): Promise<string> {
  const file = await writing;
  logger.warn({ file }, `${what} written`);
  return file;
}

interface SingleFlight {
  (start: () => Promise<string>): Promise<string>;
  /** When nothing is under way any more, however it ended. */
  settled: () => Promise<unknown>;
}

function singleFlight(): SingleFlight {
  let running: Promise<string> | undefined;
  const run = (start: () => Promise<string>): Promise<string> => {
    running ??= start().finally(() => {
      running = undefined;
    });
    return running;
  };
  return Object.assign(run, { settled: () => Promise.allSettled([running]) });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MB`;
}
