import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('traffic.mjs', import.meta.url));

interface Settings {
  url: string;
  path: string;
  keepAlive: number;
  fresh: number;
  thinkMs: number;
  probe?: string;
}

export interface TrafficReport {
  sent: number;
  answered: number;
  /** Failed in any way but the next. */
  lost: number;
  /** Nobody listened. */
  refused: number;
  statuses: Record<string, number>;
  problems: Record<string, number>;
}

/** Clients in a process of their own (traffic.mjs); every one of them was answered when this resolves. */
export async function startTraffic(settings: Settings): Promise<{ report: Promise<TrafficReport> }> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Record<string, unknown>[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  // The last line is the report, by the program's own word.
  const report = once(reader, 'close').then(() => lines.at(-1) as unknown as TrafficReport);
  const first = await Promise.race([once(reader, 'line').then(() => 'warm'), report]);
  if (first !== 'warm') throw new Error(`the clients ended at once: ${JSON.stringify(first)}`);
  return { report };
}
