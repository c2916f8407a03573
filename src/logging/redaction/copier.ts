import type { Rules } from './rules.js';

/** Copies parts of what is logged, under the limits that all parts of one line share. */
export interface Copier {
  readonly rules: Rules;
  value(value: unknown): unknown;
  /** An object that is written at once: what needs no change is not copied. */
  whole(source: object): unknown;
  text(text: string): string;
  /** The value of a field, judged by its name too. */
  field(key: string, value: unknown): unknown;
  /** Own enumerable fields of an object. */
  fields(source: object, skip?: ReadonlySet<string>): Record<string, unknown>;
  list(items: readonly unknown[], limit?: number): unknown[];
  /** Follows a `cause` link, as far as the limit allows. */
  cause(cause: unknown): unknown;
}
