import { isFunction, isLogger, isText, isTimeMs } from '../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import { resolveOptions, type Resolved } from '../core/options.js';

export interface ProfilerOptions {
  /**
   * Folder of the files, made with mode 0700 when it is missing. A heap snapshot holds every secret that the process knows.
   * @default 'profiles'
   */
  dir?: string;
  /**
   * Milliseconds that a CPU profile takes.
   * @default 10000
   */
  cpuMs?: number;
  /**
   * Told where a file is. Why one could not be written is the caller's to tell.
   * @default none: silent
   */
  logger?: Logger;
  /**
   * Bytes that the process may still take, by which a heap snapshot is allowed.
   * @default `process.availableMemory`, which knows the limit of a container
   */
  availableBytes?: () => number;
}

export const PROFILER_DEFAULTS = Object.freeze({
  dir: 'profiles',
  cpuMs: 10_000,
  logger: SILENT_LOGGER,
  availableBytes: () => process.availableMemory(),
});

export type ProfilerSettings = Resolved<ProfilerOptions, typeof PROFILER_DEFAULTS>;

export function resolveProfilerOptions(options?: ProfilerOptions): ProfilerSettings {
  return resolveOptions('profiler', options, PROFILER_DEFAULTS, {
    dir: isText,
    cpuMs: isTimeMs(1),
    logger: isLogger,
    availableBytes: isFunction,
  });
}
