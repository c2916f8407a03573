import { join } from 'node:path';
import { controlGroupOf } from '../../core/control-group.js';
import { readText } from '../../core/kernel-files.js';

/** Bytes since the machine or the container started. */
export interface Traffic {
  readonly inBytes: number;
  readonly outBytes: number;
}

/** What was read from and written to disks: by this control group where it is one of its own, else by the machine. */
export async function diskTraffic(systemRoot: string): Promise<Traffic | undefined> {
  const folder = await ownGroup(systemRoot);
  const group = folder === undefined ? undefined : await readText(join(folder, 'io.stat'));
  if (group !== undefined)
    return { inBytes: summed(group, /\brbytes=(\d+)/g), outBytes: summed(group, /\bwbytes=(\d+)/g) };
  const disks = await readText(join(systemRoot, 'proc/diskstats'));
  return disks === undefined ? undefined : wholeDisks(disks);
}

/** The folder of this process' control group, or of the container that it does not see the path of. */
async function ownGroup(systemRoot: string): Promise<string | undefined> {
  const group = await controlGroupOf('io', systemRoot);
  for (const folder of group?.folders ?? []) {
    // The root group has no limit of memory; its totals would leave out what came before the controller was on.
    if ((await readText(join(folder, 'memory.max'))) !== undefined) return folder;
  }
  return undefined;
}

/** What the network interfaces of this process' namespace received and sent, without the loopback. */
export async function networkTraffic(systemRoot: string): Promise<Traffic | undefined> {
  const text = await readText(join(systemRoot, 'proc/net/dev'));
  if (text === undefined) return undefined;
  let inBytes = 0;
  let outBytes = 0;
  for (const line of text.split('\n')) {
    const [name = '', counters] = line.split(':');
    if (counters === undefined || name.trim() === 'lo') continue;
    const columns = counters.trim().split(/\s+/).map(Number);
    inBytes += columns[0] ?? 0;
    outBytes += columns[8] ?? 0;
  }
  return { inBytes, outBytes };
}

function summed(text: string, pattern: RegExp): number {
  let sum = 0;
  for (const [, digits] of text.matchAll(pattern)) sum += Number(digits);
  return sum;
}

const SECTOR_BYTES = 512;
// Disks as a whole (https://docs.kernel.org/admin-guide/iostats.html): their partitions, and what is stacked on them, would count twice.
const WHOLE_DISK = /^(?:sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

function wholeDisks(text: string): Traffic {
  let inBytes = 0;
  let outBytes = 0;
  for (const line of text.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (!WHOLE_DISK.test(columns[2] ?? '')) continue;
    inBytes += Number(columns[5]) * SECTOR_BYTES;
    outBytes += Number(columns[9]) * SECTOR_BYTES;
  }
  return { inBytes, outBytes };
}
