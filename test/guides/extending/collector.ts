import { createSocket } from 'node:dgram';
import type { RunbookLogger } from 'express-runbook';

const ERROR = 50;

/** Sends errors to a collector, too, one line per packet; what it returns ends it. */
export function errorsTo(logger: RunbookLogger, host: string, port: number): () => void {
  const socket = createSocket('udp4').unref();
  // A line that cannot be sent fails nothing; it is in the log all the same.
  socket.on('error', () => undefined);
  const endTail = logger.tail((line, level) => {
    if (level >= ERROR) socket.send(line, port, host);
  });
  return () => {
    endTail();
    socket.close();
  };
}
