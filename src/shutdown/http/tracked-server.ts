import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { onCompletion } from '../../core/completion.js';
import type { OpenAnswers } from './open-answers.js';

/** A server whose connections are known one by one. */
export interface TrackedServer {
  readonly server: Server;
  /** No new connections; those that exist go on. Safe to call twice, and before the server listens: then it never will. */
  stopListening(): void;
  /** Neither listening nor connected to anybody. */
  isClosed(): boolean;
  /** Closes connections that have no request under way and have shown no sign of life for `graceMs`; says how many. */
  closeQuiet(graceMs: number): number;
  closeAll(): void;
  /** Leaves no listener on the server. */
  release(): void;
}

interface Connection {
  requests: number;
  /** When it was opened, or its last answer was over. */
  quietSince: number;
  bytesThen: number;
  /** When bytes beyond `bytesThen` were first seen. Only the first: a client that drips headers buys no more time. */
  stirredAt: number;
}

export function trackServer(server: Server, answers: OpenAnswers): TrackedServer {
  const connections = new Map<Socket, Connection>();
  const listening = stoppableListening(server);

  const onConnection = (socket: Socket): void => {
    connections.set(socket, { requests: 0, quietSince: performance.now(), bytesThen: 0, stirredAt: 0 });
    socket.once('close', () => connections.delete(socket));
  };
  const onAnswered = (_completion: unknown, { socket }: IncomingMessage): void => {
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.requests--;
    connection.quietSince = performance.now();
    connection.bytesThen = socket.bytesRead;
    connection.stirredAt = 0;
  };
  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    const connection = connections.get(req.socket);
    answers.follow(req, res);
    if (connection === undefined) return;
    connection.requests++;
    onCompletion(req, res, onAnswered);
  };
  // Requests of a TLS server arrive on the TLS socket, not on the raw one that 'connection' shows.
  const connectionEvent = server instanceof TlsServer ? 'secureConnection' : 'connection';
  server.on(connectionEvent, onConnection);
  // Before the app: it may answer at once, and headers that went out cannot be changed.
  server.prependListener('request', onRequest);

  return {
    server,
    stopListening: listening.stop,
    isClosed: () => listening.isOver() && connections.size === 0,
    closeQuiet: (graceMs) => closeQuiet(connections, graceMs),
    closeAll() {
      for (const socket of connections.keys()) socket.destroy();
      // Also those that were there before this server was handed to us.
      server.closeAllConnections();
    },
    release() {
      listening.release();
      server.off(connectionEvent, onConnection);
      server.off('request', onRequest);
    },
  };
}

function closeQuiet(connections: ReadonlyMap<Socket, Connection>, graceMs: number): number {
  const now = performance.now();
  let closed = 0;
  for (const [socket, connection] of connections) {
    if (connection.requests > 0) continue;
    if (connection.stirredAt === 0 && socket.bytesRead > connection.bytesThen) connection.stirredAt = now;
    if (now - Math.max(connection.quietSince, connection.stirredAt) < graceMs) continue;
    socket.destroy();
    closed++;
  }
  return closed;
}

interface Listening {
  stop: () => void;
  isOver: () => boolean;
  release: () => void;
}

function stoppableListening(server: Server): Listening {
  let isStopped = false;
  let isOpen = server.listening;
  const stop = (): void => {
    isStopped = true;
    if (!server.listening) return;
    // http.Server's own close() also cuts idle connections at once, with requests that are still in the kernel
    // (nodejs/node#60617), and stops enforcing headersTimeout; that of its parent class only stops listening.
    NetServer.prototype.close.call(server);
  };
  const onListening = (): void => {
    isOpen = true;
    // After the listeners of others, who may read the address.
    if (isStopped) setImmediate(stop);
  };
  const onClose = (): void => {
    isOpen = false;
  };
  server.on('listening', onListening);
  server.on('close', onClose);
  return {
    stop,
    isOver: () => !isOpen,
    release() {
      server.off('listening', onListening);
      server.off('close', onClose);
    },
  };
}
