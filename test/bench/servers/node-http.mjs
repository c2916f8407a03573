import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import { USER, USER_PATH } from './user.mjs';

export function nodeHttp() {
  const server = createServer((req, res) => {
    if (req.method !== 'GET' || req.url !== USER_PATH) {
      res.writeHead(404).end();
      return;
    }
    const body = JSON.stringify(USER);
    res.writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    });
    res.end(body);
  });
  return server.listen(0, '127.0.0.1');
}
