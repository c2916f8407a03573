import { posix } from 'node:path';
import { readText } from './kernel-files.js';

/** Which layout the kernel keeps a controller in; a machine may have some in each. */
export interface ControlGroup {
  readonly version: 1 | 2;
  /** The group's own folder and those above it, each of which may set a limit. */
  readonly folders: readonly string[];
}

/**
 * Where the limits stand that one controller sets for this process; nothing where there are no control groups, as outside of Linux.
 * A container that does not see the path of its group has it mounted as the uppermost folder, which is among the folders too.
 */
export async function controlGroupOf(
  controller: 'memory' | 'cpu' | 'cpuacct' | 'io',
  systemRoot: string,
): Promise<ControlGroup | undefined> {
  const mounted = posix.join(systemRoot, 'sys/fs/cgroup');
  const memberships = await readText(posix.join(systemRoot, 'proc/self/cgroup'));
  let unified: ControlGroup | undefined;
  for (const line of memberships?.split('\n') ?? []) {
    // `4:cpu,cpuacct:/path` in version 1, `0::/path` in version 2 (https://man7.org/linux/man-pages/man7/cgroups.7.html).
    const [, id, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers.split(',').includes(controller)) {
      return { version: 1, folders: foldersOf(posix.join(mounted, controller), path) };
    }
    if (id === '0') unified = { version: 2, folders: foldersOf(mounted, path) };
  }
  return unified;
}

function foldersOf(mounted: string, path: string): string[] {
  // A group outside of this process' namespace is written with `..`, and nothing of it is mounted.
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '..');
  return [...segments.keys(), segments.length]
    .map((depth) => posix.join(mounted, ...segments.slice(0, depth)))
    .reverse();
}
