/**
 * Beside a value, whose key and JSON are bare: the members of a tag in `tag:<tag>` and those of a cache in `cache-keys:<name>`,
 * sorted by their end so that what is over can be dropped; and in `changed:<key>` and `changed:tag:<tag>` how often something
 * was thrown away lately: a value whose loading began before is not kept, on whichever instance.
 *
 * The keys of a tag's members are not among KEYS: this is for a Redis that is not a cluster.
 */

/** KEYS: key, then the counters of changes. Gives the value, its rest of life in ms, and the counters. */
export const READ = `
local value = redis.call('GET', KEYS[1])
local answer = { value, value and redis.call('PTTL', KEYS[1]) or 0 }
for at = 2, #KEYS do answer[at + 1] = redis.call('GET', KEYS[at]) or '0' end
return answer`;

/** KEYS: key, then n counters of changes, then sorted sets. ARGV: n, value, life in ms, the n counters as they were read. */
export const WRITE = `
local n = tonumber(ARGV[1])
for at = 1, n do
  if (redis.call('GET', KEYS[1 + at]) or '0') ~= ARGV[3 + at] then return 0 end
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for at = 2 + n, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[at], '-inf', now)
  redis.call('ZADD', KEYS[at], now + ARGV[3], KEYS[1])
  if redis.call('PTTL', KEYS[at]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[at], ARGV[3]) end
end
return 1`;

/** KEYS: key, its counter of changes. ARGV: for how long the counter is kept, in ms. */
export const DELETE = `
redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return redis.call('UNLINK', KEYS[1])`;

/** KEYS: sorted set, its counter of changes. ARGV: for how long the counter is kept, in ms. */
export const DELETE_MEMBERS = `
redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
local removed = 0
local from = 0
while true do
  local keys = redis.call('ZRANGE', KEYS[1], from, from + 999)
  if #keys == 0 then break end
  removed = removed + redis.call('UNLINK', unpack(keys))
  from = from + 1000
end
redis.call('UNLINK', KEYS[1])
return removed`;

const MIN_COUNTER_MS = 60_000;

/** Longer than any load: a counter that came and went meanwhile could look like one that never changed. */
export function counterLifeMs(loadTimeoutMs: number): number {
  return Math.max(MIN_COUNTER_MS, 2 * loadTimeoutMs);
}
