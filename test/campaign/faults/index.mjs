import { CLIENT_FAULTS } from './clients.mjs';
import { DATABASE_FAULTS } from './database.mjs';
import { ENDING_FAULTS } from './endings.mjs';
import { LOG_FAULTS } from './logs.mjs';
import { MACHINE_FAULTS } from './machine.mjs';
import { REDIS_FAULTS } from './redis.mjs';

/** In the order of the list of faults; a row that is not run says why, and counts as neither passed nor failed. */
const byNumber = (a, b) => numberOf(a.id) - numberOf(b.id);
const FAULTS = [
  ...DATABASE_FAULTS,
  ...REDIS_FAULTS,
  ...ENDING_FAULTS,
  ...CLIENT_FAULTS,
  ...LOG_FAULTS,
  ...MACHINE_FAULTS,
].sort(byNumber);

/**
 * The reference server with one fault after the other; `wanted` are the ids of those that are run alone.
 */
export async function faults({ isSmoke, faults: wanted, row }) {
  const isWanted = ({ id, isSmoke: isShort }) => (wanted === undefined ? !isSmoke || isShort : wanted.includes(id));
  for (const fault of FAULTS.filter(isWanted)) {
    const { id, about, skipped, run } = fault;
    const why = typeof skipped === 'function' ? await skipped() : skipped;
    await row(`${id} ${about}`, async () => (why === undefined ? run({ isSmoke }) : `not run: ${why}`));
  }
}

function numberOf(id) {
  return Number(id.slice(1));
}
