import type { Repository } from './repository.js';
import { timeSpanMs } from './time-span.js';

/** A unit of systemd that runs node. */
export interface SystemdUnit {
  readonly file: string;
  readonly text: string;
  /** The program that it starts, without its folder. */
  readonly program: string;
  readonly stopAfterMs: number;
  readonly killSignal: string;
  readonly env: Readonly<Record<string, string>>;
}

// What systemd takes when the unit says nothing: systemd-system.conf(5), systemd.kill(5).
const DEFAULTS = { stopAfterMs: 90_000, killSignal: 'SIGTERM' };

export async function systemdUnitsIn(repository: Repository): Promise<SystemdUnit[]> {
  const files = await repository.paths(/\.service$/);
  const units = await Promise.all(files.map(async (file) => unitOf(file, (await repository.text(file)) ?? '')));
  return units.filter(({ program }) => /^(?:node|npm|npx|yarn|pnpm)$/.test(program));
}

function unitOf(file: string, text: string): SystemdUnit {
  // The last one counts, but Environment= adds up.
  const said = (name: string): string[] =>
    [...text.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value.trim());
  const [start = ''] = (said('ExecStart').at(-1) ?? '').replace(/^[-@:+!]+/, '').split(/\s+/);
  const stop = said('TimeoutStopSec').at(-1) ?? said('TimeoutSec').at(-1);
  return {
    file,
    text,
    program: start.replace(/^.*\//, ''),
    stopAfterMs: (stop === undefined ? undefined : timeSpanMs(stop)) ?? DEFAULTS.stopAfterMs,
    killSignal: said('KillSignal').at(-1) ?? DEFAULTS.killSignal,
    env: Object.fromEntries(
      said('Environment').flatMap((line) =>
        [...line.matchAll(/"?([A-Za-z_]\w*)=([^"\s]*)"?/g)].map(([, name = '', value = '']) => [name, value]),
      ),
    ),
  };
}
