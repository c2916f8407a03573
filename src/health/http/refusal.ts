import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorEnvelope } from '../../core/error-envelope.js';
import { answerOf, sendAnswer } from './answer.js';

/** RFC 9110, 15.5.6: the answer must say which methods there are. */
export function refuseMethod(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('Allow', 'GET, HEAD');
  sendAnswer(res, answerOf(405, errorEnvelope(req, 405, 'Method not allowed')));
}

/** Under a probe's name an unknown check is refused here: a page that the service serves for unknown paths would be a pass. */
export function refuseUnknownCheck(req: IncomingMessage, res: ServerResponse): void {
  sendAnswer(res, answerOf(404, errorEnvelope(req, 404, 'Health check not found')));
}
