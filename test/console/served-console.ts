import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { createHttpServer, type ConsoleOptions, type Ops } from 'express-runbook';
import { testApp, type TestAppOptions, type TestApp } from 'express-runbook/testing';

export interface ServedConsole extends TestApp {
  readonly url: string;
}

/** A service with the console, on a port; `close()` ends it. */
export async function servedConsole(
  consoleOptions: Partial<ConsoleOptions> = {},
  routes: (app: Express, ops: Ops) => void = () => undefined,
  options: TestAppOptions = {},
): Promise<ServedConsole> {
  const kit = testApp(routes, { console: { intervalMs: 50, historyMs: 50_000, ...consoleOptions }, ...options });
  const server = createHttpServer(kit.app);
  kit.ops.shutdown.serve(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ...kit, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface Event {
  readonly name: string;
  // What a test expects of it says what it is.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
}

export interface EventReader {
  readonly status: number;
  readonly contentType: string | null;
  /** The next event of that name; those of other names before it are passed over. */
  readonly next: (name: string) => Promise<Event>;
  /** Resolves when the other side has ended it. */
  ended(): Promise<void>;
  close(): void;
}

/** Reads server-sent events as a browser does. */
export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let isOver = false;

  async function more(): Promise<void> {
    const { value, done } = await reader.read();
    isOver = done;
    text += value ?? '';
  }

  async function next(name: string): Promise<Event> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end === -1) {
        if (isOver) throw new Error(`the stream ended before ${name} came`);
        await more();
        continue;
      }
      const event = eventIn(text.slice(0, end));
      text = text.slice(end + 2);
      if (event?.name === name) return event;
    }
  }

  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    next,
    async ended() {
      while (!isOver) await more();
    },
    close: () => abort.abort(),
  };
}

function eventIn(block: string): Event | undefined {
  const name = /^event: (.*)$/m.exec(block)?.[1];
  const data = /^data: (.*)$/m.exec(block)?.[1];
  return name === undefined || data === undefined ? undefined : { name, data: JSON.parse(data) as unknown };
}
