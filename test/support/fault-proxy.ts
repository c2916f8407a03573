import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A network cable to a server, with faults. Loopback only. */
export interface FaultProxy {
  /** The server's address by way of the proxy. */
  readonly url: string;
  /** Heals. What was frozen goes on; a connection that has lost data is reset when it speaks again. */
  pass(): void;
  /** Bytes stay where they are, connections stay open, also new ones. */
  freeze(): void;
  /** Bytes are lost in both directions, connections stay open, also new ones. */
  partition(): void;
  /** The server's side of all connections is gone and ours is not told; new ones are fine. */
  halfOpen(): void;
  /** Every chunk arrives that much later. */
  slow(delayMs: number): void;
  /** On the connections of now "ready for the next query" arrives that much later than what the server says before. */
  slowReady(delayMs: number): void;
  /** Resets all connections; new ones are fine. */
  cut(): void;
  /** Resets every connection as soon as the server has sent so much, and new ones too. */
  cutAfter(bytes: number): void;
  /** Resets all connections, and new ones at once. */
  refuse(): void;
  close(): Promise<void>;
}

type Mode =
  | { kind: 'pass' | 'freeze' | 'partition' | 'refuse' }
  | { kind: 'slow'; delayMs: number }
  | { kind: 'cut'; bytes: number };

interface Link {
  readonly near: Socket;
  readonly far: Socket;
  /** Keeps the order of what is held up. */
  queue: Promise<void>;
  received: number;
  hasLostData: boolean;
  isHalfOpen: boolean;
  readyDelayMs: number;
}

export async function faultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const links = new Set<Link>();
  let mode: Mode = { kind: 'pass' };
  let thaw: (() => void) | undefined;
  let frozen = Promise.resolve();

  function enter(next: Mode): void {
    mode = next;
    thaw?.();
    thaw = undefined;
    if (next.kind === 'freeze') frozen = new Promise((resolve) => (thaw = resolve));
  }

  function reset(link: Link): void {
    link.near.resetAndDestroy();
    link.far.destroy();
  }

  /** The other side hears of it, unless the network is in between. */
  function hangUp(link: Link, to: Socket): void {
    if (link.isHalfOpen || mode.kind === 'partition') return;
    to.destroy();
    links.delete(link);
  }

  async function forward(link: Link, to: Socket, chunk: Buffer): Promise<void> {
    if (mode.kind === 'freeze') await frozen;
    if (mode.kind === 'slow') await sleep(mode.delayMs);
    if (mode.kind === 'partition') link.hasLostData = true;
    if (mode.kind === 'partition' || link.isHalfOpen) return;
    if (to === link.near) link.received += chunk.length;
    if (link.hasLostData || (mode.kind === 'cut' && link.received > mode.bytes)) reset(link);
    else if (to === link.near && link.readyDelayMs > 0) await writeReadyLater(to, chunk, link.readyDelayMs);
    else if (!to.destroyed) to.write(chunk);
  }

  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (mode.kind === 'refuse') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port), hostname);
    far.on('error', () => undefined);
    const link = newLink(near, far);
    links.add(link);
    const carry = (from: Socket, to: Socket): void => {
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        link.queue = link.queue.then(() => forward(link, to, chunk));
      });
      from.on('close', () => {
        void link.queue.then(() => hangUp(link, to));
      });
    };
    carry(near, far);
    carry(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: url.href,
    pass() {
      enter({ kind: 'pass' });
      for (const link of links) if (link.near.destroyed || link.far.destroyed) hangUp(link, link.far);
    },
    freeze: () => enter({ kind: 'freeze' }),
    partition: () => enter({ kind: 'partition' }),
    slow: (delayMs) => enter({ kind: 'slow', delayMs }),
    slowReady(delayMs) {
      for (const link of links) link.readyDelayMs = delayMs;
    },
    cutAfter: (bytes) => enter({ kind: 'cut', bytes }),
    cut: () => links.forEach(reset),
    refuse() {
      enter({ kind: 'refuse' });
      links.forEach(reset);
    },
    halfOpen() {
      for (const link of links) {
        link.isHalfOpen = true;
        link.far.destroy();
      }
    },
    close() {
      enter({ kind: 'refuse' });
      links.forEach(reset);
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function newLink(near: Socket, far: Socket): Link {
  const queue = Promise.resolve();
  return { near, far, queue, received: 0, hasLostData: false, isHalfOpen: false, readyDelayMs: 0 };
}

// ReadyForQuery without its last byte, the state of the transaction.
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

async function writeReadyLater(to: Socket, chunk: Buffer, delayMs: number): Promise<void> {
  const at = chunk.length - READY.length - 1;
  const isReady = at >= 0 && chunk.subarray(at, -1).equals(READY);
  if (isReady) {
    if (!to.destroyed) to.write(chunk.subarray(0, at));
    await sleep(delayMs);
  }
  if (!to.destroyed) to.write(isReady ? chunk.subarray(at) : chunk);
}
