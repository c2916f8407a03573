import { check } from '../doctor-check.js';
import { clockFinding } from './clock-finding.js';

export const clockDatabase = check({
  id: 'clock.database',
  title: 'the clock of the database',
  needs: ['database'],
  async run({ database }) {
    const from = Date.now();
    const [row] = await database.rows<{ ms: string }>('SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms');
    return clockFinding('the clock of the database', {
      theirs: Number(row?.ms),
      from,
      to: Date.now(),
      granularityMs: 1,
    });
  },
});
