import type { IncomingMessage } from 'node:http';
import { contextFields, contextOf } from '../../core/context.js';
import type { LogFields } from '../../core/logger.js';
import { attachPrincipal, type Principal } from '../../core/principal.js';
import { unauthorized } from '../../core/refusal.js';
import { wordCounter } from '../../instruments/word-counter.js';
import { clientKey } from '../rate-limit/client-key.js';
import { tooManyRequests } from '../refusal.js';
import { attemptLimits } from './attempt-limits.js';
import { resolveLoginAttemptsOptions, type LoginAttemptsOptions } from './options.js';

/** Who it turned out to be, or for the log alone why not, e.g. `wrong password`. */
export type LoginOutcome = Principal | { readonly reason: string };

export interface LoginAttempts {
  /**
   * One attempt to log in to `account` by this request. `verify` says how it went, in the same time whether the account exists
   * or not: compare with a hash of nobody's. Gives the principal; throws a 401 with `message`, or a 429 with
   * `Retry-After` before `verify` is called when there were too many failures, as errors for `errorHandler()`.
   *
   * When `verify` throws, nothing is known of the password: the attempt is neither a failure nor logged as one.
   */
  attempt(req: IncomingMessage, account: string, verify: () => Promise<LoginOutcome>): Promise<Principal>;
}

/**
 * Logs, counts and throttles attempts to log in. Each attempt that fails leaves exactly one line `login failed`, with its reason
 * and without account or password, those refused for too many failures included; each other one leaves `login succeeded`.
 *
 * Failures count for the account at the client's address (`req.ip`, IPv6 by its /56), so that nobody can lock out somebody else
 * from elsewhere, and for the address alone. An attempt is counted before the password is looked at: attempts at the same time
 * cannot get past the limit together. It is kept in this process' memory: several processes allow several times as much.
 *
 * @example
 * const logins = createLoginAttempts({ logger, registry });
 * app.post('/login', async (req, res) => {
 *   const { userId } = await logins.attempt(req, req.body.email, () => passwordCheck(req.body));
 *   res.json(await tokens.issue({ userId }));
 * });
 */
export function createLoginAttempts(options?: LoginAttemptsOptions): LoginAttempts {
  const settings = resolveLoginAttemptsOptions(options);
  const { message, logger, registry } = settings;
  const take = attemptLimits(settings);
  const count = wordCounter(registry, {
    name: 'login_attempts_total',
    help: 'Attempts to log in, by how they ended',
    label: 'result',
    words: ['succeeded', 'failed', 'throttled'],
  });

  return {
    async attempt(req, account, verify) {
      const ip = clientKey(req);
      const lineOf = (fields: LogFields): LogFields => ({ ...fields, ip, ...contextFields(contextOf(req)) });
      const taken = take(ip, account);
      if (taken.waitMs > 0) {
        count('throttled');
        logger.warn(lineOf({ reason: 'too many failures' }), 'login failed');
        throw tooManyRequests(Math.ceil(taken.waitMs / 1000));
      }
      // In a step of its own: one that throws at once is one that rejects.
      const verified = Promise.resolve().then(verify);
      const outcome = await verified.catch((error: unknown) => {
        taken.giveBack();
        throw error;
      });
      if ('reason' in outcome) {
        count('failed');
        logger.warn(lineOf({ reason: outcome.reason }), 'login failed');
        throw unauthorized(message);
      }
      taken.succeeded();
      count('succeeded');
      attachPrincipal(req, outcome);
      logger.info(lineOf({ userId: outcome.userId, clientId: outcome.clientId }), 'login succeeded');
      return outcome;
    },
  };
}
