import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Absent } from '../absent.js';
import { exchange, type Answer, type Question } from './exchange.js';

export type { Answer } from './exchange.js';

/** The running service. */
export interface Service {
  readonly url: URL;
  readonly isHttps: boolean;
  /** Whether the way to it stays on this machine. */
  readonly isLocal: boolean;
  /** The answer to GET, or to what is asked; rejects when there is none. */
  ask(path: string, question?: Question): Promise<Answer>;
}

export interface ServiceAccess {
  open(): Promise<Service | Absent>;
  close(): void;
}

const CURE = 'curl -v says more; pm2 status, systemctl status or kubectl get pods whether it runs at all';
const FIRST_PATH = '/health/liveness';

export function serviceAccess(url: URL | undefined, timeoutMs: number): ServiceAccess {
  const agent = url?.protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  let opened: Promise<Service | Absent> | undefined;

  async function open(): Promise<Service | Absent> {
    if (url === undefined) return { absent: 'no URL was given: express-runbook doctor https://api.example.com' };
    const base = url.pathname.replace(/\/+$/, '');
    const service: Service = {
      url,
      isHttps: url.protocol === 'https:',
      isLocal: /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname),
      ask: (path, question) => exchange(new URL(`${base}${path}`, url), { agent, timeoutMs, ...question }),
    };
    try {
      await service.ask(FIRST_PATH);
      return service;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { absent: `${url.origin} does not answer: ${reason}`, cure: CURE };
    }
  }

  return { open: () => (opened ??= open()), close: () => agent.destroy() };
}
