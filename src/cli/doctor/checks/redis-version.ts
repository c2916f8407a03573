import { check } from '../doctor-check.js';
import { fail, ok, skip } from '../finding.js';
import { redisInfo } from '../redis-info.js';

const OLDEST_MAJOR = 7;

export const redisVersion = check({
  id: 'redis.version',
  title: 'whether Redis answers, and its version',
  needs: ['settings'],
  async run({ settings: { redis }, signal }) {
    if (redis === undefined) return skip('no Redis is configured: each instance limits and caches by itself');
    const { host } = new URL(redis.url);
    const info = await redisInfo(redis.url, signal);
    if (info instanceof Error) {
      const cure = 'redis-cli ping; until it answers each instance limits by itself, and caches load anew';
      return fail(`Redis at ${host} does not answer: ${info.message}`, cure);
    }
    const [, version = '', major = '0'] = /^redis_version:((\d+)\S*)/m.exec(info) ?? [];
    if (Number(major) >= OLDEST_MAJOR) return ok(`Redis ${version}`);
    return fail(
      `Redis ${version}: versions before ${OLDEST_MAJOR} are not supported`,
      `Redis ${OLDEST_MAJOR} or later`,
    );
  },
});
