import type { IncomingMessage } from 'node:http';
import { PayloadTooLargeError } from './app-error.js';

/**
 * Ends a body of unknown length at its limit: whoever reads it gets the error, then the end, and never a beginning that looks
 * whole. What the client goes on sending is dropped unread.
 *
 * Counts in `push`, by which Node hands the body to the stream (https://nodejs.org/api/stream.html#readablepushchunk-encoding):
 * a listener for `data` would start the stream before its reader is there.
 */
export function limitChunks(req: IncomingMessage, maxBytes: number): void {
  const push = req.push.bind(req);
  let received = 0;
  req.push = (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
    if (received > maxBytes) return true;
    received += chunk?.length ?? 0;
    if (received <= maxBytes) return push(chunk, encoding);
    if (req.listenerCount('error') === 0) {
      // Nobody there to be told: the connection ends, as Node ends it for a body that breaks off.
      req.destroy();
      return false;
    }
    req.emit('error', new PayloadTooLargeError());
    // body-parser answers when the body is over. Ending the stream itself would end the connection before the answer.
    req.emit('end');
    return true;
  };
}
