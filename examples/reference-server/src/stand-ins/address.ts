import type { IncomingMessage } from 'node:http';

const BASE = 'http://stand-in';

/** What is asked for; nothing where that is no address, such as `//`: nothing that is asked may end the process of who listens. */
export function addressOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, BASE) ? new URL(url, BASE) : undefined;
}
