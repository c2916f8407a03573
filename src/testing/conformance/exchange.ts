import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  /** The value of a header; empty when it is not there. */
  readonly header: (name: string) => string;
  readonly body: string;
}

/** Longer answers are cut: none that is asked for here should be. */
const MAX_BODY_LENGTH = 20 << 20;

/**
 * One request on a connection of its own. The target goes out as it is written: `fetch` would mend what is wrong on purpose.
 * Rejects when there is no answer in time.
 */
export async function exchange(base: URL, target: string, question: Question, timeoutMs: number): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = question;
  const request = opened(base, target, { method, headers, signal: AbortSignal.timeout(timeoutMs) });
  const answered = answerOf(request);
  request.end(body);
  try {
    return await answered;
  } catch (error) {
    throw new Error(`${method} ${target.slice(0, 100)}: ${reasonOf(error, timeoutMs)}`, { cause: error });
  }
}

interface Opening {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A request that waits for its body. */
export function opened(base: URL, target: string, opening: Opening): ClientRequest {
  const start = base.protocol === 'https:' ? httpsRequest : httpRequest;
  const path = `${base.pathname.replace(/\/$/, '')}${target}`;
  // A URL has an IPv6 address in brackets.
  const host = base.hostname.replace(/^\[|\]$/g, '');
  return start({ ...opening, host, port: base.port, path, agent: false });
}

export async function answerOf(request: ClientRequest): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // More may follow: a server that has answered may close while the rest of the body is on its way.
    request.on('error', reject);
  });
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) {
    // Decoded, so chunks are texts.
    if (body.length < MAX_BODY_LENGTH) body += chunk as string;
  }
  const header = (name: string): string => String(response.headers[name] ?? '');
  return { status: response.statusCode ?? 0, header, body };
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'AbortError' || error.name === 'TimeoutError'
    ? `no answer within ${timeoutMs} ms`
    : error.message;
}
