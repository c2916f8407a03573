const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** A duration for people: its two largest units. */
export function durationText(seconds: number): string {
  for (const [index, [name, size]] of UNITS.entries()) {
    if (seconds < size) continue;
    const [lesser, lesserSize] = UNITS[index + 1] ?? ['s', 1];
    const rest = Math.floor((seconds % size) / lesserSize);
    return `${Math.floor(seconds / size)} ${name}${rest > 0 ? ` ${rest} ${lesser}` : ''}`;
  }
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
