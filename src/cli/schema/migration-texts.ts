import { visible } from '../visible.js';
import type { Script } from './changes/script.js';
import type { Way } from './comparison.js';

const NO_TRANSACTION = '-- no-transaction\n';

/** The two files of a migration. */
export function migrationTexts(name: string, way: Way, isOldServer: boolean): { up: string; down: string } {
  // Before version 12 no transaction can add a value to an enum.
  const mark = way.isOfValues && isOldServer ? NO_TRANSACTION : '';
  return {
    up: `${mark}${text([name, ...breaking(way.up), ...way.up.remarks.map((remark) => `Note: ${remark}`)], way.up)}`,
    down: text([`Undoes ${name}`, ...way.down.losses.map((loss) => `Loses data: ${loss}`)], way.down),
  };
}

function breaking({ losses }: Script): string[] {
  return losses.length === 0 ? ['Breaking changes: none'] : losses.map((loss) => `Breaking changes: ${loss}`);
}

function text(head: readonly string[], { statements }: Script): string {
  const comments = head.map((line) => `-- ${visible(line)}\n`).join('');
  return `${comments}\n${statements.map((statement) => `${statement};\n`).join('')}`;
}
