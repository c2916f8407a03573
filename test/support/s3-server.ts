import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Bucket } from './s3-bucket.js';
import { signatureProblem, type Keys } from './s3-signature.js';

/**
 * `500`: refuses after reading; `hang`: never answers; `cut`: ends the connection in the middle of the body, of the request's or else
 * of the answer's; `lost`: does it, and ends the connection instead of answering; `wrong-etag`: answers with another checksum;
 * `error-in-200`: says 200, and an error in the body.
 */
export type Fault = '500' | '503' | 'hang' | 'cut' | 'lost' | 'wrong-etag' | 'error-in-200';

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly port: number;
  readonly bucket: S3Bucket;
  readonly keys: Keys;
  readonly region: string;
  /** Method, target and status of each request, in order. */
  readonly requests: string[];
  /** The next request whose `METHOD target` matches fails in this way; several in turn. */
  fail(pattern: RegExp, ...faults: readonly Fault[]): void;
}

export const KEYS: Keys = {
  accessKeyId: 'AKIATESTTESTTEST',
  secretAccessKey: 'canary/Secret+0123456789abcdefghijklmnop',
};

/** A storage of one bucket that checks signatures, checksums and the rules of multipart uploads. */
export async function startS3Server({
  name = 'codebook-backups',
  region = 'eu-central-1',
  keys = KEYS,
  pageSize = 1000,
}: { name?: string; region?: string; keys?: Keys; pageSize?: number } = {}): Promise<S3Server> {
  const bucket = new S3Bucket(pageSize);
  const requests: string[] = [];
  const faults: { pattern: RegExp; fault: Fault }[] = [];
  const server = createServer((req, res) => {
    const line = `${String(req.method)} ${String(req.url)}`;
    const at = faults.findIndex(({ pattern }) => pattern.test(line));
    const fault = at === -1 ? undefined : faults.splice(at, 1)[0]?.fault;
    res.on('close', () => requests.push(`${line} ${res.writableFinished ? res.statusCode : 'cut'}`));
    void answer(req, res, fault);
  });

  async function answer(req: IncomingMessage, res: ServerResponse, fault: Fault | undefined): Promise<void> {
    const body = await bodyOf(req, fault);
    if (body === undefined || fault === 'hang') return;
    if (fault === '500' || fault === '503') {
      refuse(res, Number(fault), 'InternalError');
      return;
    }
    const { method = '', url: target = '', rawHeaders } = req;
    const problem = signatureProblem({ method, target, rawHeaders, body }, keys, region);
    if (problem !== undefined) {
      refuse(res, 403, problem);
      return;
    }
    const place = placeOf(req, name);
    if (place === undefined) {
      refuse(res, 404, 'NoSuchBucket');
      return;
    }
    if (fault === 'error-in-200')
      return void res.end('<?xml version="1.0"?>\n<Error><Code>InternalError</Code></Error>');
    const { status, headers = {}, content = '' } = bucket.answer({ ...place, method, headers: req.headers, body });
    if (fault === 'lost') return void res.destroy();
    if (fault === 'wrong-etag') Object.assign(headers, { ETag: `"${md5('something else')}"` });
    res.writeHead(status, { 'Content-Length': Buffer.byteLength(content), ...headers });
    if (fault === 'cut')
      return void res.write(Buffer.from(content).subarray(0, content.length / 2), () => res.destroy());
    return void res.end(method === 'HEAD' ? undefined : content);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Listening on TCP.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    bucket,
    keys,
    region,
    requests,
    fail: (pattern, ...kinds) => void faults.push(...kinds.map((fault) => ({ pattern, fault }))),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Nothing when the connection was ended in the middle of it. */
async function bodyOf(req: IncomingMessage, fault: Fault | undefined): Promise<Buffer | undefined> {
  const length = Number(req.headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of req) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (fault === 'cut' && bytes > length / 2) req.socket.destroy();
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

/** In the path, or in the name of the host. */
function placeOf(req: IncomingMessage, name: string): { key: string; query: URLSearchParams } | undefined {
  const [path = '', query = ''] = (req.url ?? '').split('?');
  const isVirtualHost = req.headers.host?.startsWith(`${name}.`) === true;
  const segments = path.slice(1).split('/').map(decodeURIComponent);
  if (!isVirtualHost && segments.shift() !== name) return undefined;
  return { key: segments.join('/'), query: new URLSearchParams(query) };
}

/** As S3 does it, with what was signed: nothing of it may get out of the client. */
function refuse(res: ServerResponse, status: number, code: string): void {
  const echo = `<AWSAccessKeyId>${KEYS.accessKeyId}</AWSAccessKeyId><StringToSign>AWS4-HMAC-SHA256</StringToSign>`;
  res.writeHead(status).end(`<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>no</Message>${echo}</Error>`);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
