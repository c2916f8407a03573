import { setTimeout as pause } from 'node:timers/promises';
import { answerOf, opened } from './exchange.js';
import type { Service } from './service.js';
import type { StoppableProcess } from './stoppable-process.js';

/** What was seen of a service between SIGTERM and its end. */
export interface ObservedShutdown {
  /** Of a request that began before and whose body came after; `early`: it was answered without its body. */
  readonly inFlight: 'answered' | 'cut' | 'early';
  /** Of the first probe after the signal that was no 200; undefined: it stopped listening before it said anything. */
  readonly readiness: number | undefined;
  /** At the same time. */
  readonly liveness: number | undefined;
  /** Undefined: it still runs. */
  readonly ended: string | undefined;
  readonly isListening: boolean;
}

const BODY = '{}';
const HELD_MS = 300;
const ASK_AGAIN_MS = 25;

/** A request whose body is still to come. */
export interface HeldRequest {
  readonly isOver: () => boolean;
  /** Sends the body; resolves to whether there was an answer in time. */
  readonly finish: (timeoutMs: number) => Promise<boolean>;
}

/**
 * In flight until it is finished, or ended by the signal, without a route made for it. Begins while the limit of this address is not
 * yet used up.
 */
export async function heldRequest({ base, path }: Service, signal: AbortSignal): Promise<HeldRequest> {
  const headers = { 'content-type': 'application/json', 'content-length': String(BODY.length) };
  const request = opened(base, path, { method: 'POST', headers, signal });
  let isOver = false;
  const answered = answerOf(request)
    .then(() => true)
    .catch(() => false)
    .finally(() => (isOver = true));
  request.flushHeaders();
  await pause(HELD_MS);
  return {
    isOver: () => isOver,
    finish(timeoutMs) {
      request.end(BODY);
      const timer = setTimeout(() => request.destroy(), timeoutMs);
      return answered.finally(() => clearTimeout(timer));
    },
  };
}

export async function observedShutdown(
  service: Service,
  process: StoppableProcess,
  held: HeldRequest,
  timeoutMs: number,
): Promise<ObservedShutdown> {
  const isEarly = held.isOver();
  process.terminate();
  const probes = await firstWord(service, timeoutMs);
  const answered = await held.finish(timeoutMs);
  const ended = await process.ended(timeoutMs);
  const isListening = (await probe(service, '/health/live')) !== undefined;
  return { ...probes, inFlight: isEarly ? 'early' : answered ? 'answered' : 'cut', ended, isListening };
}

async function firstWord(
  service: Service,
  timeoutMs: number,
): Promise<Pick<ObservedShutdown, 'readiness' | 'liveness'>> {
  const endsAt = Date.now() + timeoutMs;
  for (;;) {
    const readiness = await probe(service, '/health/ready');
    if (readiness === undefined) return { readiness, liveness: undefined };
    if (readiness !== 200 || Date.now() > endsAt) return { readiness, liveness: await probe(service, '/health/live') };
    await pause(ASK_AGAIN_MS);
  }
}

/** Undefined when nobody answers. */
async function probe({ askAnyway }: Service, target: string): Promise<number | undefined> {
  try {
    return (await askAnyway(target)).status;
  } catch {
    // That nobody answers is what is looked for.
    return undefined;
  }
}
