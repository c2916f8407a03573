import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface WorkerAnswers {
  /** What this worker shows. */
  snapshot(): Promise<string>;
  /** Takes over what another one has shown; false when this one is leaving itself. Throws for what is no snapshot. */
  inherit(snapshot: string): boolean;
}

export interface WorkerServer {
  close(): Promise<void>;
}

/** Answers the other workers. Does not keep the process alive. */
export async function openWorkerServer(path: string, answers: WorkerAnswers): Promise<WorkerServer> {
  const server = createServer((req, res) => {
    answer(req, res, answers).catch(() => {
      // Half of an answer, or none, is a failure to who asked, which says so.
      res.destroy();
    });
  });
  // Exclusive: a worker of node:cluster would have its primary listen.
  server.listen({ path, exclusive: true });
  await once(server, 'listening');
  server.unref();
  return {
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function answer(req: IncomingMessage, res: ServerResponse, answers: WorkerAnswers): Promise<void> {
  // The path of the socket is free for the next one as soon as this one closes.
  res.setHeader('Connection', 'close');
  if (req.method === 'POST') res.writeHead(answers.inherit(await text(req)) ? 200 : 503).end();
  else res.end(await answers.snapshot());
}
