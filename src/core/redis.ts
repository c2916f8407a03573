/**
 * What is needed of a Redis client to send it commands. That of ioredis fits as it is; for node-redis give
 * `{ call: (...command) => client.sendCommand(command) }`. Connecting, reconnecting and the listener for its `error` event
 * are its owner's.
 */
export interface RedisCommands {
  call(command: string, ...args: string[]): Promise<unknown>;
}
