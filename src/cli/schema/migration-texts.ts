import { visible } from '../visible.js';
import type { Script } from './changes/script.js';
import type { Way } from './comparison.js';

/** The two files of a migration. */
export function migrationTexts(name: string, way: Way): { up: string; down: string } {
  return {
    up: text([name, ...breaking(way.up), ...way.up.remarks.map((remark) => `Note: ${remark}`)], way.up),
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
