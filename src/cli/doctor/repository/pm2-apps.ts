import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultExport } from '../../default-export.js';
import type { Repository } from './repository.js';

/** An app of pm2, as its ecosystem file says it. */
export interface Pm2App {
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly killTimeoutMs: number;
  readonly instances: number;
  readonly isCluster: boolean;
  readonly waitsForReady: boolean;
  readonly env: Readonly<Record<string, string>>;
}

export interface Pm2Apps {
  readonly apps: readonly Pm2App[];
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
}

// What pm2 takes when the file says nothing: https://pm2.keymetrics.io/docs/usage/signals-clean-restart/
const KILL_TIMEOUT_MS = 1600;

interface AppSaid {
  name?: string;
  kill_timeout?: number;
  instances?: number | string;
  exec_mode?: string;
  wait_ready?: boolean;
  env?: Record<string, unknown>;
}

/** Loads the files as pm2 does: what is JavaScript is run. */
export async function pm2AppsIn(repository: Repository): Promise<Pm2Apps> {
  const apps: Pm2App[] = [];
  const unreadable: { file: string; reason: string }[] = [];
  for (const file of await repository.paths(
    /^(?:[\w-]+\/)?(?:ecosystem|pm2|process)\.(?:config\.)?(?:c?js|json|ya?ml)$/,
  )) {
    const text = (await repository.text(file)) ?? '';
    try {
      if (await isCommonJsInModule(repository, file, text)) throw new Error('module is not defined in ES module scope');
      const loaded = (await loadedFrom(join(repository.dir, file), text)) as { apps?: AppSaid[] | AppSaid } | null;
      apps.push(...[loaded?.apps ?? []].flat().map((app) => appOf(app, file, text)));
    } catch (error) {
      unreadable.push({ file, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { apps, unreadable };
}

/** Which Node, and so pm2, refuses whatever else the file says. */
async function isCommonJsInModule(repository: Repository, file: string, text: string): Promise<boolean> {
  if (!file.endsWith('.js') || !/^module\.exports\b/m.test(text)) return false;
  const beside = await repository.text(join(dirname(file), 'package.json'));
  const manifest = beside ?? (await repository.text('package.json')) ?? '{}';
  return (JSON.parse(manifest) as { type?: string }).type === 'module';
}

async function loadedFrom(path: string, text: string): Promise<unknown> {
  if (path.endsWith('js')) return defaultExport(path);
  // Loaded when it is needed: other commands do not pay for it.
  const { parse } = await import('yaml');
  return parse(text);
}

function appOf(app: AppSaid, file: string, text: string): Pm2App {
  return {
    file,
    text,
    name: app.name ?? 'the app',
    killTimeoutMs: app.kill_timeout ?? KILL_TIMEOUT_MS,
    instances: instancesOf(app.instances ?? 1),
    // pm2 takes the cluster mode for whoever wants instances.
    isCluster: app.exec_mode === undefined ? app.instances !== undefined : app.exec_mode.startsWith('cluster'),
    waitsForReady: app.wait_ready === true,
    env: Object.fromEntries(Object.entries(app.env ?? {}).map(([name, value]) => [name, String(value)])),
  };
}

/** `max` and 0 are all processors, -1 all but one. */
function instancesOf(said: number | string): number {
  const number = said === 'max' ? 0 : Number(said);
  return number > 0 ? number : Math.max(1, availableParallelism() + number);
}
