import type { ServerResponse } from 'node:http';

/** Never by `res.json`, which would hash it all into an ETag that nobody asks for. */
export function sendJson(res: ServerResponse, statusCode: number, value: unknown): void {
  // Whoever stands before the console may have lost patience while this was made.
  if (res.headersSent) return;
  const body = JSON.stringify(value);
  res.writeHead(statusCode, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  res.end(body);
}

export function sendNothing(res: ServerResponse, headers: Readonly<Record<string, string>> = {}): void {
  res.writeHead(204, { ...headers, 'Cache-Control': 'no-store' }).end();
}

/** RFC 9110 section 15.5.6: a 405 names what is allowed. */
export function refuseMethod(res: ServerResponse, allowed: readonly string[]): void {
  res.writeHead(405, { Allow: allowed.join(', '), 'Cache-Control': 'no-store' }).end();
}
