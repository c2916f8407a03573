import { PRIORITIES } from './priority.js';

export const ADD_TICKET = 'graphile_worker.add_job';

/** The ticket for a row of the table, written in the same statement as the row: there is never one without the other. */
export const ticketFor = (table: string, runAt: string): string => `(
  SELECT ticket.id FROM ${ADD_TICKET}(
    ${table}.job_type, json_build_object('jobId', ${table}.id), run_at => ${runAt},
    priority => ${priorityNumber(`${table}.priority`)}, flags => ARRAY[${table}.job_type]
  ) ticket)`;

/** The number that graphile-worker sorts by, of a column or parameter with the word. */
export function priorityNumber(column: string): string {
  const cases = Object.entries(PRIORITIES).map(([word, number]) => `WHEN '${word}' THEN ${String(number)}`);
  return `CASE ${column} ${cases.join(' ')} ELSE 0 END`;
}
