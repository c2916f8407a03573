import type { RequestHandler } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { markOpsEndpoint } from '../../core/ops-endpoint.js';
import { sendAnswer, type Answers } from './answer.js';
import type { DetailsAccess } from './details-access.js';
import type { HealthProbes } from '../probes/health-probes.js';
import { questionIn } from './question.js';
import { refuseMethod, refuseUnknownCheck } from './refusal.js';
import type { HealthEndpoint } from '../status-codes.js';

/** Answers the path of an endpoint. */
export function endpointHandler(endpoint: HealthEndpoint, probes: HealthProbes, access: DetailsAccess): RequestHandler {
  return (req, res, next) => {
    markOpsEndpoint(req, 'health');
    if (!isRead(req)) {
      refuseMethod(req, res);
      return;
    }
    // The details of a probe are the names of its checks.
    const hasDetails = endpoint === 'health' && access(req);
    respond(res, probes.ask(endpoint, questionIn(req.url)), hasDetails, next);
  };
}

/**
 * Answers the path of one check. A name that nobody knows is the service's own route below `/health`, and a 404 below the
 * names that belong to probes.
 */
export function checkHandler(endpoint: HealthEndpoint, probes: HealthProbes, access: DetailsAccess): RequestHandler {
  return (req, res, next) => {
    const ask = probes.one(endpoint, String(req.params.check));
    if (ask === undefined && endpoint === 'health') {
      next();
      return;
    }
    markOpsEndpoint(req, 'health');
    if (!isRead(req)) refuseMethod(req, res);
    else if (ask === undefined) refuseUnknownCheck(req, res);
    else respond(res, ask(), access(req), next);
  };
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** At once when both are known: a frozen answer to a caller that nobody has to be asked about. */
function respond(
  res: ServerResponse,
  answers: Answers | Promise<Answers>,
  hasDetails: boolean | Promise<boolean>,
  next: (error: unknown) => void,
): void {
  if (!(answers instanceof Promise) && typeof hasDetails === 'boolean') {
    sendAnswer(res, answers.of(hasDetails));
    return;
  }
  Promise.all([answers, hasDetails])
    .then(([made, isAllowed]) => sendAnswer(res, made.of(isAllowed)))
    .catch(next);
}
