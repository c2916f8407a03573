import { constants } from 'node:zlib';
import compression from 'compression';
import type { RequestHandler } from 'express';

// zlib's own default for brotli is 11, made for files that are compressed once: here it would cost more than it saves.
const BROTLI_QUALITY = 4;

/** Compresses answers as brotli or gzip, whichever the client takes. A stream of events is left alone: it must not wait for a full block. */
export function compressed(): RequestHandler {
  return compression({
    brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
    filter: (req, res) =>
      !String(res.getHeader('Content-Type')).startsWith('text/event-stream') && compression.filter(req, res),
  });
}
