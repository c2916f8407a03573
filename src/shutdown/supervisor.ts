import { execFile, type ExecFileException } from 'node:child_process';
import type { Logger } from '../core/logger.js';

/** Whoever started this process and wants to hear how it stands: a parent with a channel (pm2), systemd, or nobody. */
export interface Supervisor {
  ready(): void;
  reloading(): void;
  reloaded(): void;
  stopping(): void;
  /** When everything was told. */
  told(): Promise<void>;
}

const TELL_WITHIN_MS = 5_000;

/**
 * Node has no unix datagram sockets, which systemd listens on: its own program tells it. Short-lived children are not the main
 * process of the unit, so the unit needs `NotifyAccess=all` (https://www.freedesktop.org/software/systemd/man/latest/systemd-notify.html).
 */
export function createSupervisor(notifySocket: string | undefined, logger: Logger): Supervisor {
  let telling = Promise.resolve();
  let isMissing = false;
  let isReady = false;
  const notify = (...states: string[]): void => {
    if (notifySocket === undefined) return;
    // One after the other: READY before RELOADING would say the opposite of what is meant.
    telling = telling.then(async () => {
      if (isMissing) return;
      const error = await systemdNotify(notifySocket, states);
      if (error === undefined) return;
      isMissing = error.code === 'ENOENT';
      logger.warn({ err: error, states }, 'systemd could not be told');
    });
  };
  return {
    ready() {
      isReady = true;
      tellParent(logger);
      notify('READY=1');
    },
    // The time is what `Type=notify-reload` asks for; other types ignore it.
    reloading() {
      if (isReady) notify('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
    },
    reloaded() {
      if (isReady) notify('READY=1');
    },
    stopping() {
      isReady = false;
      notify('STOPPING=1');
    },
    told: () => telling,
  };
}

function systemdNotify(socket: string, states: string[]): Promise<ExecFileException | undefined> {
  return new Promise((resolve) => {
    // Without PATH the system's own folders are searched, which is where systemd keeps it.
    const options = { env: { NOTIFY_SOCKET: socket }, timeout: TELL_WITHIN_MS, killSignal: 'SIGKILL' } as const;
    const child = execFile('systemd-notify', states, options, (error) => {
      resolve(error ?? undefined);
    });
    child.unref();
  });
}

function tellParent(logger: Logger): void {
  if (process.send === undefined || !process.connected) return;
  process.send('ready', undefined, undefined, (err) => {
    if (err !== null) logger.warn({ err }, 'The supervisor could not be told that the service is ready');
  });
}
