import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { retryAfterMs } from '../../core/retry-after.js';
import { AlertChannelError, refusedAddress } from '../channels/channel-error.js';
import { checkedLookup } from './checked-lookup.js';
import { bareAddress } from './receiver-url.js';
import type { Receiver } from './receiver.js';

/** Of a refusal: enough for a word that says why, and no more time than it is worth. */
const MAX_ANSWER_BYTES = 1024;
const MAX_ANSWER_MS = 1000;

/**
 * Posts once, on a connection of its own, and is content with a status from 200 to 299. Redirects are not followed: they would
 * take what is posted to wherever they point. Rejects with `AlertChannelError`; `signal` ends it at any point, body included.
 */
export async function post(
  receiver: Receiver,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<void> {
  const { url, isAllowed } = receiver;
  const address = bareAddress(url);
  // Node looks up names alone.
  if (isIP(address) !== 0 && !isAllowed(address, url.protocol)) throw refusedAddress();
  const response = await answered(receiver, headers, Buffer.from(body), signal);
  const { statusCode = 0 } = response;
  if (statusCode >= 200 && statusCode < 300) {
    // Taken: what else is said is not waited for.
    response.destroy();
    return;
  }
  throw refused(statusCode, response.headers['retry-after'], await wordOf(response), url);
}

function answered(
  receiver: Receiver,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (receiver.url.protocol === 'https:' ? requestHttps : requestHttp)(receiver.url, {
      method: 'POST',
      agent: false,
      lookup: checkedLookup(receiver),
      headers: { 'User-Agent': 'express-runbook', ...headers, 'Content-Length': body.length },
      signal,
    });
    // The second error of a request that was cut has been told already.
    request.on('error', (error) => {
      reject(error instanceof AlertChannelError ? error : unreachable(error, signal));
    });
    request.on('response', (response) => {
      // The rest of a body that is not read may break off.
      response.on('error', () => undefined);
      resolve(response);
    });
    request.end(body);
  });
}

/** The one word that Slack and others answer a refusal with; nothing when it is anything else, which may quote what was sent. */
async function wordOf(response: IncomingMessage): Promise<string | undefined> {
  let text = '';
  const timer = setTimeout(() => response.destroy(), MAX_ANSWER_MS);
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > MAX_ANSWER_BYTES) return undefined;
    }
  } catch {
    // The status says enough.
    return undefined;
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
  return /^[a-z]+(?:_[a-z]+)+$/.test(text.trim()) ? text.trim() : undefined;
}

function refused(
  status: number,
  retryAfter: string | undefined,
  word: string | undefined,
  url: URL,
): AlertChannelError {
  const isSafe = word !== undefined && !url.href.includes(word);
  const detail = `answered ${String(status)}${isSafe ? ` (${word})` : ''}`;
  const mayRetry = status === 408 || status === 429 || status >= 500;
  return new AlertChannelError(detail, { mayRetry, retryAfterMs: retryAfterMs(retryAfter ?? null) });
}

function unreachable(error: NodeJS.ErrnoException, signal: AbortSignal): AlertChannelError {
  if (signal.aborted) return new AlertChannelError('gave no answer in time', { mayRetry: true });
  return new AlertChannelError(`cannot be reached (${error.code ?? 'broken connection'})`, { mayRetry: true });
}
