import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DoctorReport } from '../../src/cli/doctor/report.js';
import { cli, cliIn } from './cli.js';

export interface Seen {
  /** WARN and FAIL as `id: what it says`. */
  readonly warned: string[];
  readonly failed: string[];
  readonly skipped: string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly report: DoctorReport;
}

interface Call {
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is called; here when nothing is said. */
  readonly folder?: string;
}

const NO_ENV_FILE = ['--dotenv', '/nonexistent/.env'];

/** One call of the doctor, its report taken apart. */
export async function doctor(args: readonly string[], { env = {}, folder }: Call = {}): Promise<Seen> {
  const words = ['doctor', ...args, '--json', ...NO_ENV_FILE];
  const { exitCode, stdout, stderr } = await (folder === undefined
    ? cli(words, { env })
    : cliIn(folder, words, { env }));
  if (stdout === '') throw new Error(`the doctor said nothing: ${stderr}`);
  const report = JSON.parse(stdout) as DoctorReport;
  const withStatus = (wanted: string): string[] =>
    report.checks.flatMap(({ id, findings }) =>
      findings.flatMap(({ status, says }) => (status === wanted ? [`${id}: ${says}`] : [])),
    );
  const [warned, failed, skipped] = [withStatus('WARN'), withStatus('FAIL'), withStatus('SKIP')];
  return { warned, failed, skipped, exitCode, stdout, report };
}

/** Runs `work` with the address of a service that serves meanwhile. */
export async function whileServing<Result>(
  served: Server | RequestListener,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const { createServer } = await import('node:http');
  const server = typeof served === 'function' ? createServer({ keepAliveTimeout: 65_000 }, served) : served;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  try {
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
