import type { ShutdownSettings } from './options.js';

export type CrashOrigin = 'uncaughtException' | 'unhandledRejection';

export interface ProcessEvents {
  signal(signal: NodeJS.Signals): void;
  crash(origin: CrashOrigin, thrown: unknown): void;
  reopen(): void;
  profile(): void;
}

export interface ProcessHandlers {
  /** Safe to call twice. */
  install: () => void;
  /** Leaves no listener on the process. Safe to call twice. */
  uninstall: () => void;
}

export function createProcessHandlers(settings: ShutdownSettings, events: ProcessEvents): ProcessHandlers {
  const listeners = new Map<string, (value: unknown) => void>();
  for (const signal of settings.signals) {
    listeners.set(signal, () => {
      events.signal(signal);
    });
  }
  for (const origin of ['uncaughtException', 'unhandledRejection'] as const) {
    listeners.set(origin, (thrown) => {
      events.crash(origin, thrown);
    });
  }
  if (settings.onReopen !== undefined) {
    listeners.set('SIGHUP', () => {
      events.reopen();
    });
  }
  if (settings.onProfile !== undefined) {
    listeners.set('SIGUSR2', () => {
      events.profile();
    });
  }
  let isInstalled = false;

  return {
    install() {
      if (isInstalled) return;
      isInstalled = true;
      for (const [event, listener] of listeners) process.on(event, listener);
    },
    uninstall() {
      isInstalled = false;
      for (const [event, listener] of listeners) process.off(event, listener);
    },
  };
}
