import type { LogLine } from './log-line.js';

/** What lines with the same key have in common. */
export interface Grouping<Group> {
  readonly add: (line: LogLine) => void;
  readonly groups: readonly Group[];
  /** Lines of further keys, when there are more keys than memory is kept for. */
  readonly others: number;
}

/** Keys may be as many as there are lines: URLs with ids in them. */
const MAX_GROUPS = 10_000;

/** Lines without a key belong nowhere. */
export function grouping<Group>(
  keyOf: (line: LogLine) => string | undefined,
  create: (key: string, line: LogLine) => Group,
  add: (group: Group, line: LogLine) => void,
): Grouping<Group> {
  const groups = new Map<string, Group>();
  let others = 0;
  return {
    add(line) {
      const key = keyOf(line);
      if (key === undefined) return;
      let group = groups.get(key);
      if (group === undefined) {
        if (groups.size >= MAX_GROUPS) {
          others++;
          return;
        }
        group = create(key, line);
        groups.set(key, group);
      }
      add(group, line);
    },
    get groups() {
      return [...groups.values()];
    },
    get others() {
      return others;
    },
  };
}

/** The most first; of equals the one whose key sorts last, as `sort_by(.count) | reverse` has it. */
export function mostFirst<Group extends { readonly count: number }>(
  groups: readonly Group[],
  keyOf: (group: Group) => string,
): Group[] {
  return [...groups].sort((one, other) => other.count - one.count || (keyOf(one) < keyOf(other) ? 1 : -1));
}
