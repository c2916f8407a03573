import type { Enum, Schema } from '../schema.js';
import type { ScriptWriter } from './script.js';

/** Enums whose values cannot be reached by adding some: each is made anew, and its columns are moved over. */
export function replacedEnums(from: Schema, to: Schema): ReadonlySet<string> {
  const both = [...from.enums.values()].filter(({ name }) => to.enums.has(name));
  return new Set(both.filter((before) => !isPartOf(before, to.enums.get(before.name))).map(({ name }) => name));
}

/** The schema with those values added to its enums that can be: new values are used in a later transaction only. */
export function withAddedValues(from: Schema, to: Schema): Schema {
  const replaced = replacedEnums(from, to);
  const enums = [...from.enums].map(([name, before]): [string, Enum] => [
    name,
    replaced.has(name) ? before : (to.enums.get(name) ?? before),
  ]);
  return { ...from, enums: new Map(enums) };
}

/** Values are added where they stand in the order of the new ones. */
export function addValues(from: Schema, to: Schema, { statements }: ScriptWriter): void {
  const replaced = replacedEnums(from, to);
  for (const { name, labels } of to.enums.values()) {
    const before = from.enums.get(name);
    if (before === undefined || replaced.has(name)) continue;
    for (const [at, label] of labels.entries()) {
      if (before.labels.includes(label)) continue;
      const previous = labels[at - 1];
      const place = previous === undefined ? ` BEFORE ${before.labels[0] ?? ''}` : ` AFTER ${previous}`;
      statements.push(`ALTER TYPE ${name} ADD VALUE ${label}${before.labels.length === 0 && at === 0 ? '' : place}`);
    }
  }
}

/** Puts the old ones out of the way, and makes those that are new. */
export function makeEnums(from: Schema, to: Schema, replaced: ReadonlySet<string>, script: ScriptWriter): void {
  for (const { name, labels } of to.enums.values()) {
    const before = from.enums.get(name);
    if (before !== undefined && !replaced.has(name)) continue;
    if (before !== undefined) {
      script.statements.push(`ALTER TYPE ${name} RENAME TO ${retiredName(replaced, name)}`);
      const gone = before.labels.filter((label) => !labels.includes(label));
      if (gone.length > 0) script.losses.push(`rows may hold values of ${name} that are gone: ${gone.join(', ')}`);
    }
    script.statements.push(`CREATE TYPE ${name} AS ENUM (${labels.join(', ')})`);
  }
}

/** Once no column has them any more. */
export function dropEnums(from: Schema, to: Schema, replaced: ReadonlySet<string>, script: ScriptWriter): void {
  for (const { name, schema } of from.enums.values()) {
    if (replaced.has(name)) script.statements.push(`DROP TYPE ${schema}.${retiredName(replaced, name)}`);
    else if (!to.enums.has(name)) script.statements.push(`DROP TYPE ${name}`);
  }
}

function retiredName(replaced: ReadonlySet<string>, name: string): string {
  return `express_runbook_retired_${[...replaced].indexOf(name) + 1}`;
}

function isPartOf({ labels }: Enum, other: Enum | undefined): boolean {
  let at = 0;
  for (const label of other?.labels ?? []) if (label === labels[at]) at++;
  return at === labels.length;
}
