/** Names of tables that are more than letters: inputs 215 to 229 of the corpus. Expected: refused or quoted, and no other statement runs. */
export type SqlName = readonly [input: number, name: string];

/** For what no number was given to. */
const BESIDE = 0;

/** Postgres takes these for a name when they are quoted. */
export const POSSIBLE_NAMES: readonly SqlName[] = [
  [215, 'a"b'],
  [216, 'a;drop table events'],
  [217, 'public"."events'],
  [222, 'Ünï'],
  [222, '😀'],
  [223, 'select'],
  [224, '%s'],
  [224, '$1'],
  [225, 'a--b'],
  [225, 'a/*b'],
  [226, 'a\nb'],
  [227, '*'],
  [227, '..'],
  [BESIDE, 'a.b'],
  [BESIDE, "it's"],
];

/** Nobody's table, whatever is in the database. */
export const IMPOSSIBLE_NAMES: readonly SqlName[] = [
  [218, 'pg_catalog.pg_class'],
  [219, ''],
  [220, 'a\0b'],
  // Postgres would cut it, and another table may have the name that is left.
  [221, 'a'.repeat(70)],
  [228, 'pg_temp.x'],
  [229, 'information_schema.sql_features'],
  [BESIDE, '-rf'],
  [BESIDE, 'EVENTS'],
];

/**
 * Input 230: names for what listens and notifies, and a payload larger than a notification takes. The queue of the jobs is all that
 * does so here, and a job's type is the name that it is given.
 */
export const CHANNELS = ['a"b', "a'; select 1; --", 'a'.repeat(64)].map((name) => ({
  id: 230,
  what: `the channel ${name}`,
  name,
}));
export const LARGE_PAYLOAD = { id: 230, text: 'x'.repeat(8001) };
