import type { RedisCommands } from 'express-runbook/cache';

/** What is needed of the client of node-redis. */
interface NodeRedis {
  sendCommand(command: string[]): Promise<unknown>;
}

export function commandsOf(client: NodeRedis): RedisCommands {
  return { call: (...command: string[]) => client.sendCommand(command) };
}
