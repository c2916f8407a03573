import type { Terminal } from './terminal.js';
import { visibleLines } from './visible.js';

/** One JSON document, or text for people, which a terminal does not obey; `text` has no line end of its own. */
export async function printResult(
  { terminal, options }: { terminal: Terminal; options: { readonly json?: true } },
  result: unknown,
  text: string,
): Promise<void> {
  await terminal.print(`${options.json === true ? JSON.stringify(result, undefined, 2) : visibleLines(text)}\n`);
}
