/**
 * Connections a database server of this size serves best: `cores * 2 + spindles`, where an SSD or a working set in
 * memory counts as one spindle. For all pools of all replicas together.
 *
 * Source: https://wiki.postgresql.org/wiki/Number_Of_Database_Connections
 */
export function poolSize(cores: number, spindles: number): number {
  return cores * 2 + spindles;
}

export type ApplicationSize = 'small' | 'medium' | 'large';

const BANDS = Object.freeze({
  small: Object.freeze({ from: 10, to: 20 }),
  medium: Object.freeze({ from: 20, to: 50 }),
  large: Object.freeze({ from: 50, to: 100 }),
});

/** The range of `max` that is usual for an application of this size. */
export function poolSizeBand(size: ApplicationSize): { readonly from: number; readonly to: number } {
  return BANDS[size];
}
