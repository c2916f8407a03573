import type { Setting } from './wire/index.js';

const MAX_ROWS = 500;

/** Settings as lines of a table, `log.level` and its value; as they are given: whoever gives them has masked the secrets. */
export function settingRows(settings: object): Setting[] {
  return rowsOf(settings, '').slice(0, MAX_ROWS);
}

function rowsOf(node: object, path: string): Setting[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): Setting[] => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return rowsOf(value, `${path}${key}.`);
    return [[path + key, shown(value)]];
  });
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
