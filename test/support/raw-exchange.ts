import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import type { Server } from 'node:http';

/** Listens on a port of the loopback that is free, and says which. */
export async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Sends these bytes, each character one, and returns all that came back before the server closed the connection. */
export async function rawExchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  // A server may close on what it refuses before it has read all of it.
  socket.on('error', () => undefined);
  socket.write(bytes, 'latin1');
  // Not `once` of node:events, which rejects with the error.
  await new Promise((resolve) => socket.on('close', resolve));
  return answer;
}

/** Status, headers by lower-case name, and body of the first answer in it. */
export function parsedAnswer(text: string): { status: number; headers: Record<string, string>; body: string } {
  const end = text.indexOf('\r\n\r\n');
  const [start = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(start.split(' ')[1]), headers, body: text.slice(end + 4) };
}
