const MIB = 1024 * 1024;

/** Whole mebibytes as the runbooks print them: `12MB`. */
export function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / MIB)}MB`;
}

/** Whole gibibytes: `37GB`. */
export function inGigabytes(bytes: number): string {
  return `${Math.round(bytes / (1024 * MIB))}GB`;
}
