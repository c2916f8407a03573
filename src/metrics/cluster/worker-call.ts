import { request } from 'node:http';

/** Asks another worker on its socket; with `body` it is told something. Rejects when it does not answer in time. */
export function callWorker(socketPath: string, timeoutMs: number, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const call = request({ socketPath, signal, method: body === undefined ? 'GET' : 'POST', agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (part: string) => (text += part));
      res.on('end', () => {
        if (res.statusCode === 200) resolve(text);
        else reject(new Error(`answered ${String(res.statusCode)}`));
      });
      res.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
