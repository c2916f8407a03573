import { resolve } from 'node:path';
import { check } from '../doctor-check.js';
import { ok, skip, warn } from '../finding.js';
import { tailOf } from '../repository/tail-of.js';

const FILE = 'error.log';
const WITHIN_MINUTES = 15;
const MAX_LENGTH = 200;
const CURE = 'read them: tail logs/error.log, or by the request id in app.log; docs/log-files.md has the queries';

export const logsErrors = check({
  id: 'logs.errors',
  title: 'errors in the log of the last fifteen minutes',
  needs: ['repository', 'settings'],
  async run({ repository, settings: { log } }) {
    if (log.dir === undefined) return skip('LOG_DIR is not set: lines go to standard output');
    const text = await tailOf(resolve(repository.dir, log.dir, FILE));
    if (text === undefined) return skip(`there is no ${FILE} in ${log.dir}`);
    const since = Date.now() - WITHIN_MINUTES * 60_000;
    const messages = text.split('\n').flatMap((line) => messageSince(since, line));
    if (messages.length === 0) return ok(`none within ${WITHIN_MINUTES} minutes`);
    const counts = new Map<string, number>();
    for (const message of messages) counts.set(message, (counts.get(message) ?? 0) + 1);
    const [[most, count] = ['', 0]] = [...counts].sort(([, one], [, other]) => other - one);
    const says = `${messages.length} within ${WITHIN_MINUTES} minutes; most often, ${count} times: ${most}`;
    return warn(says, CURE);
  },
});

/** The message of a line in any of our schemas; none of an older line, or of what is no line of ours. */
function messageSince(since: number, line: string): string[] {
  try {
    const { timestamp, msg, message } = JSON.parse(line) as Record<string, unknown>;
    const said = msg ?? message;
    const isNew = typeof timestamp === 'string' && Date.parse(timestamp) >= since;
    return isNew ? [typeof said === 'string' ? said.slice(0, MAX_LENGTH) : 'without a message'] : [];
  } catch {
    return [];
  }
}
