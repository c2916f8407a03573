import { setTimeout as pause } from 'node:timers/promises';
import { exchange, type Answer, type Question } from './exchange.js';
import type { StoppableProcess } from './stoppable-process.js';

/** What checks know of the service that they look at. */
export interface Service {
  readonly base: URL;
  /** Where requests go that are about nothing in particular. */
  readonly path: string;
  readonly failPath: string | undefined;
  readonly timeoutMs: number;
  readonly process: StoppableProcess | undefined;
  /** Rejects when there is no answer, and when the limit of this address is used up. */
  readonly ask: (target: string, question?: Question) => Promise<Answer>;
  /** The same, and 429 is an answer like others. */
  readonly askAnyway: (target: string, question?: Question) => Promise<Answer>;
  readonly scrape: () => Promise<Answer>;
  /** What the metrics say, asked again until it is so, because a request is counted after its answer; as it was last otherwise. */
  readonly scrapeUntil: (isSo: (text: string) => boolean) => Promise<string>;
}

interface ServiceSettings extends Pick<Service, 'base' | 'path' | 'failPath' | 'timeoutMs' | 'process'> {
  readonly metricsUrl: URL;
  readonly metricsToken: string | undefined;
}

const ASK_AGAIN_MS = 50;

export function service({ metricsUrl, metricsToken, ...known }: ServiceSettings): Service {
  const { base, timeoutMs } = known;
  const askAnyway = (target: string, question: Question = {}): Promise<Answer> =>
    exchange(base, target, question, timeoutMs);
  const scrape = (): Promise<Answer> => {
    const headers = metricsToken === undefined ? undefined : { authorization: `Bearer ${metricsToken}` };
    return exchange(new URL('/', metricsUrl), metricsUrl.pathname, { headers }, timeoutMs);
  };
  return {
    ...known,
    askAnyway,
    scrape,
    async ask(target, question) {
      const answer = await askAnyway(target, question);
      if (answer.status !== 429) return answer;
      const wait = answer.header('retry-after');
      throw new Error(`this address has used up its limit: try again${wait === '' ? ' later' : ` in ${wait} s`}`);
    },
    async scrapeUntil(isSo) {
      const endsAt = Date.now() + timeoutMs;
      for (;;) {
        const { body } = await scrape();
        if (isSo(body) || Date.now() > endsAt) return body;
        await pause(ASK_AGAIN_MS);
      }
    },
  };
}
