import { request as overHttp, type Agent, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as overHttps } from 'node:https';

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** At most a megabyte of it. */
  readonly body: string;
  /** From the question to the first byte of the answer, without the way to the service. */
  readonly ms: number;
  /** When the question was sent and when the answer began, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly answeredAt: number;
  /** Our address, as the service sees it when nothing stands between. */
  readonly localAddress: string | undefined;
}

interface Way {
  readonly agent: Agent;
  readonly timeoutMs: number;
}

const MAX_BODY_BYTES = 1_000_000;

/** One request and its answer within `timeoutMs`, redirects not followed. */
export function exchange(url: URL, { agent, timeoutMs, ...question }: Way & Question): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = question;
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? overHttps : overHttp;
    const asked = start(url, { method, agent, headers: { 'User-Agent': 'express-runbook-doctor', ...headers } });
    const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const sent = { at: Date.now(), mark: performance.now() };
    let connectMs = 0;
    asked.on('socket', (socket) => {
      // A connection that was kept is there already.
      if (!socket.connecting) return;
      socket.once('connect', () => (connectMs = performance.now() - sent.mark));
    });
    asked.on('response', (answer) => {
      const ms = Math.max(0, performance.now() - sent.mark - 2 * connectMs);
      const seen = { ms, sentAt: sent.at, answeredAt: Date.now(), localAddress: answer.socket.localAddress };
      textOf(answer)
        .then((text) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text, ...seen }))
        .catch(reject)
        .finally(() => clearTimeout(timer));
    });
    asked.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    asked.end(body);
  });
}

/** What comes after the first megabyte is not read. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    // No encoding was set.
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES).toString('utf8');
}
