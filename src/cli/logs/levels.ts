/** The numbers of pino's levels, for lines that have those, and ours of `http`. */
export const LEVEL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['trace', 10],
  ['debug', 20],
  ['http', 25],
  ['info', 30],
  ['warn', 40],
  ['error', 50],
  ['fatal', 60],
]);

const NAMES = new Map([...LEVEL_NUMBERS].map(([name, number]) => [number, name]));

/** In lower case; of a number its name. */
export function levelName(level: unknown): string {
  if (typeof level === 'string') return level.toLowerCase();
  return typeof level === 'number' ? (NAMES.get(level) ?? String(level)) : '';
}
