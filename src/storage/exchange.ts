import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { answeredError, lostError } from './failures.js';
import type { ObjectStoreSettings } from './options.js';
import { encoded, queryText, signedHeaders } from './signature.js';
import type { StorageCall } from './storage-call.js';

export interface Answer {
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const NO_BODY = Buffer.alloc(0);
/** A page of a listing has 1000 keys of at most 1 KiB. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** One attempt, with its answer read to the end; throws `StorageError`, or what the signal says. */
export async function exchange(settings: ObjectStoreSettings, call: StorageCall): Promise<Answer> {
  const request = sent(settings, call);
  const timer = setTimeout(() => request.destroy(new Error('timed out')), settings.timeoutMs);
  try {
    const response = await answered(request);
    const text = await textOf(response);
    if (!isSuccess(response)) throw answeredError(settings, call, response, text);
    return { headers: response.headers, text };
  } catch (error) {
    throw lostError(settings, call, error);
  } finally {
    clearTimeout(timer);
  }
}

/** One attempt whose answer is still to be read: it is cut when no byte comes for as long as one attempt may take. */
export async function openExchange(settings: ObjectStoreSettings, call: StorageCall): Promise<IncomingMessage> {
  const request = sent(settings, call);
  request.setTimeout(settings.timeoutMs, () => request.destroy(new Error('timed out')));
  try {
    const response = await answered(request);
    if (isSuccess(response)) return response;
    throw answeredError(settings, call, response, await textOf(response));
  } catch (error) {
    throw lostError(settings, call, error);
  }
}

function sent(settings: ObjectStoreSettings, call: StorageCall): ClientRequest {
  const { endpoint, addressing, bucket, region, credentials } = settings;
  const { method, key, query = {}, body = NO_BODY, signal } = call;
  const isVirtualHost = addressing === 'virtual-host';
  const base = endpoint.pathname.replace(/\/$/, '') + (isVirtualHost ? '' : `/${encoded(bucket)}`);
  const path = key === undefined ? base || '/' : `${base}/${key.split('/').map(encoded).join('/')}`;
  const host = isVirtualHost ? `${bucket}.${endpoint.host}` : endpoint.host;
  const unsigned = { method, path, query, headers: { ...call.headers, host }, body };
  const headers = signedHeaders(unsigned, region, credentials, new Date());
  const text = queryText(query);
  const { hostname } = urlToHttpOptions(endpoint);
  const request = (endpoint.protocol === 'https:' ? requestHttps : requestHttp)({
    hostname: isVirtualHost ? `${bucket}.${String(hostname)}` : hostname,
    port: endpoint.port,
    method,
    path: text === '' ? path : `${path}?${text}`,
    headers: { ...headers, 'content-length': body.length },
    signal,
  });
  // Not one of those that are sent again and again: the answer, or the error, is taken once.
  request.end(body);
  return request;
}

function answered(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // The second error of a request that was cut has been told already.
    request.on('error', reject).once('response', resolve);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    // No encoding was set, so chunks are buffers.
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_TEXT_BYTES) throw new Error(`the answer is larger than ${String(MAX_TEXT_BYTES)} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300;
}
