import { notLoaded } from '../default-export.js';

/** What `INFO server` says, or why there is no answer. The client is gone when the promise settles. */
export async function redisInfo(url: string, signal: AbortSignal): Promise<string | Error> {
  const { Redis } = await import('ioredis').catch((error: unknown) => {
    throw notLoaded('ioredis', error);
  });
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  const giveUp = (): void => {
    client.disconnect();
  };
  signal.addEventListener('abort', giveUp, { once: true });
  let problem: Error | undefined;
  client.on('error', (error: Error) => (problem = error));
  try {
    await client.connect();
    return await client.info('server');
  } catch (error) {
    return problem ?? (error instanceof Error ? error : new Error(String(error)));
  } finally {
    signal.removeEventListener('abort', giveUp);
    client.disconnect();
  }
}
