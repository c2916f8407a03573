import type { Command } from 'commander';
import type { Redis } from 'ioredis';
import { clearRedis, type ClearedFromRedis, type RedisCommands } from '../../cache/index.js';
import { configured, withConfigSource, type ConfigSource } from '../database/configured.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { printResult } from '../print-result.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';

interface ClearOptions extends ConfigSource {
  readonly name: readonly string[];
  readonly tag: readonly string[];
  readonly key: readonly string[];
  readonly json?: true;
}

const COMMAND_TIMEOUT_MS = 10_000;

const EXPLAINED = `
Nothing else in that Redis is touched. A cache in the memory of a process ends with the process: restart it.
Exit codes: 0 cleared, 1 Redis is away or said no, 2 wrong usage or no Redis configured.`;

export function cache(program: Command, terminal: Terminal): void {
  const group = program.command('cache').summary('clear caches').description('Works on the caches of the service.');
  withConfigSource(group.command('clear'))
    .summary('throw away what caches keep in Redis')
    .description('Throws away what the caches of the service keep in Redis (REDIS_URL), of all when nothing is named.')
    .option('--name <cache>', 'of this cache; can be repeated', collected, [])
    .option('--tag <tag>', 'all values with this tag; can be repeated', collected, [])
    .option('--key <key>', 'the value of this key; can be repeated', collected, [])
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXPLAINED)
    .action((options: ClearOptions) => clear(options, terminal));
}

async function clear(options: ClearOptions, terminal: Terminal): Promise<void> {
  const { redis } = await configured(options, terminal);
  if (redis === undefined) throw new CommandError('no Redis is configured: set REDIS_URL or REDIS_HOST');
  const cleared = await withRedis(redis.url, (client) =>
    clearRedis(client, { caches: options.name, tags: options.tag, keys: options.key }),
  );
  await printResult({ terminal, options }, cleared, shown(cleared));
}

async function withRedis<Result>(url: string, work: (client: RedisCommands) => Promise<Result>): Promise<Result> {
  const library = await ioredis();
  const client = new library.Redis(url, {
    lazyConnect: true,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: () => null,
  });
  let problem: Error | undefined;
  client.on('error', (error: Error) => (problem = error));
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    const { message } = problem ?? (error instanceof Error ? error : new Error(String(error)));
    const { host } = new URL(url);
    throw new CommandError(`Redis at ${visible(host)} did not do it: ${visible(message)}`, EXIT.failed);
  } finally {
    client.disconnect();
  }
}

async function ioredis(): Promise<{ readonly Redis: typeof Redis }> {
  try {
    return await import('ioredis');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CommandError('this needs the package ioredis: npm install ioredis');
  }
}

function shown(cleared: ClearedFromRedis): string {
  const lines = Object.entries(cleared).map(([what, count]) => `${visible(what)}: ${String(count)} thrown away`);
  return lines.length === 0 ? 'no cache keeps anything in Redis' : lines.join('\n');
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
