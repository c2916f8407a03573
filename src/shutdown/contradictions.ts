import { ConfigError } from '../core/config-error.js';
import type { GracefulShutdownOptions, ShutdownSettings } from './options.js';

/** Refuses settings that are fine one by one and cannot hold together. */
export function refuseContradictions(settings: ShutdownSettings, said: GracefulShutdownOptions = {}): void {
  refuseAbove(settings, said, 'silentSocketGraceMs', 'at which every connection is cut');
  refuseAbove(settings, said, 'crashTimeoutMs', 'which a crash only ever shortens');
  refuseKill(settings);
  refuseSignal(settings, 'SIGHUP', 'onReopen', 'reopen files');
  refuseSignal(settings, 'SIGUSR2', 'onProfile', 'write a profile');
}

/** Only what was said: a default gives way to a short `timeoutMs`. */
function refuseAbove(
  settings: ShutdownSettings,
  said: GracefulShutdownOptions,
  option: 'silentSocketGraceMs' | 'crashTimeoutMs',
  why: string,
): void {
  if (said[option] === undefined || settings[option] <= settings.timeoutMs) return;
  throw new ConfigError(
    'ERR_OPTION_CONFLICT',
    `gracefulShutdown.${option}`,
    `(${settings[option]}) must not be above timeoutMs (${settings.timeoutMs}), ${why}`,
  );
}

function refuseKill({ killAfterMs, delayMs, timeoutMs }: ShutdownSettings): void {
  if (killAfterMs === undefined || delayMs + timeoutMs < killAfterMs) return;
  throw new ConfigError(
    'ERR_OPTION_CONFLICT',
    'gracefulShutdown.killAfterMs',
    `(${killAfterMs}) must be above delayMs (${delayMs}) and timeoutMs (${timeoutMs}) together, or the process is killed before its log is written`,
  );
}

function refuseSignal(
  settings: ShutdownSettings,
  signal: NodeJS.Signals,
  option: 'onReopen' | 'onProfile',
  purpose: string,
): void {
  if (settings[option] === undefined || !settings.signals.includes(signal)) return;
  throw new ConfigError(
    'ERR_OPTION_CONFLICT',
    'gracefulShutdown.signals',
    `must not hold ${signal} when ${option} is given: one signal cannot both ${purpose} and shut down`,
  );
}
