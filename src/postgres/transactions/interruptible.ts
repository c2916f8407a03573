import { PoolError } from '../pool/pool-error.js';
import type { TransactionSettings } from './options.js';

/** Why a transaction was broken off from outside; `reason` is what the caller gets. */
export class Interruption extends Error {
  constructor(readonly reason: unknown) {
    super('interrupted');
  }
}

/** What `work` settles to, or an `Interruption` thrown when it takes too long or is aborted. What it says later is nobody's. */
export async function interruptible<Result>(
  work: () => Promise<Result>,
  { timeoutMs, signal }: Pick<TransactionSettings, 'timeoutMs' | 'signal'>,
): Promise<Result> {
  if (timeoutMs === 0 && signal === undefined) return work();
  let stop = (): void => undefined;
  const interrupted = new Promise<never>((_resolve, reject) => {
    const abort = (): void => {
      reject(new Interruption(signal?.reason));
    };
    const expire = (): void => {
      const message = `the transaction took longer than ${timeoutMs} ms, and is rolled back`;
      reject(new Interruption(new PoolError('ERR_TRANSACTION_TIMEOUT', message)));
    };
    const timer = timeoutMs === 0 ? undefined : setTimeout(expire, timeoutMs).unref();
    signal?.addEventListener('abort', abort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    if (signal?.aborted === true) abort();
  });
  try {
    // Promise.race listens to both, so what comes second is not an unhandled rejection.
    return await Promise.race([interrupted, work()]);
  } finally {
    stop();
  }
}
