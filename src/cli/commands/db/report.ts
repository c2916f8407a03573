import type { Command } from 'commander';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withReader, type Client } from '../../database/with-client.js';
import { printResult } from '../../print-result.js';
import { tableText, type Row } from '../../table-text.js';
import type { Terminal } from '../../terminal.js';

/** A command that shows rows and changes nothing. */
export interface Report {
  readonly name: string;
  readonly description: string;
  /** What each row has, in this order. */
  readonly columns: readonly string[];
  /** Said instead of an empty table. */
  readonly whenEmpty: string;
  readonly rows: (client: Client) => Promise<readonly Row[]>;
}

export function addReport(group: Command, terminal: Terminal, report: Report): void {
  const command = group.command(report.name).description(report.description);
  onDatabase(command, terminal, (call) => show(call, report));
}

/** A document for machines is a list of objects with the names of the columns. */
async function show(call: DatabaseCall, { columns, whenEmpty, rows }: Report): Promise<void> {
  const found = await withReader(call, rows);
  const text = found.length === 0 ? whenEmpty : tableText(columns, found).trimEnd();
  await printResult(call, found, text);
}

/** A report that is one query. */
export function queried(text: string): Report['rows'] {
  return async (client) => (await client.query<Row>(text)).rows;
}
