// npm run campaign: what takes too long, or needs too much, for every commit. Prints one table; exit code 1 when a row failed.
//   -- --only <step>   one step alone; may be repeated
//   -- --fault <id>    of the step faults, these rows alone (F1, F27 …); may be repeated
//   -- --smoke         each step in its shortest form that still proves something
//   -- --list          the steps
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { STEPS } from './steps.mjs';

// An end in order, so that what was started is ended too.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1));
// Every step bounds itself; this bounds their sum.
const MAX_MS = 80 * 60_000;
const names = STEPS.map(({ name }) => name);
const { values: wanted } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: names },
    fault: { type: 'string', multiple: true },
    smoke: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
const unknown = wanted.only.filter((name) => !names.includes(name));

if (wanted.list) {
  for (const { name, about } of STEPS) console.log(`${name.padEnd(20)}${about}`);
} else if (unknown.length > 0) {
  console.error(`unknown step ${unknown.join(', ')}; known: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  const rows = [];
  for (const step of STEPS) if (wanted.only.includes(step.name)) rows.push(...(await rowsOf(step)));
  print(rows);
  process.exitCode = rows.length > 0 && rows.every(({ problem }) => problem === '') ? 0 : 1;
}

/** A step that cannot even begin is a failed row, and the next has its turn. */
async function rowsOf({ name, run }) {
  const done = [];
  /** Measures one row; `work` returns what to say of it, or throws. */
  async function row(what, work) {
    console.log(`${name}: ${what} …`);
    const startedAt = Date.now();
    const { said, problem } = await work().then(
      (text) => ({ said: text, problem: '' }),
      (error) => ({ said: 'FAILED', problem: error instanceof Error ? error.message : String(error) }),
    );
    done.push({ name, what, said, problem, took: `${((Date.now() - startedAt) / 1000).toFixed(1)} s` });
    return problem === '';
  }
  try {
    if (performance.now() > MAX_MS) throw new Error('the whole campaign took too long to begin it');
    await run({ isSmoke: wanted.smoke, faults: wanted.fault, row });
  } catch (error) {
    await row('the step itself', () => Promise.reject(error));
  }
  // A step that measured nothing has proved nothing.
  if (done.length === 0) await row('the step itself', () => Promise.reject(new Error('has no rows')));
  return done;
}

function print(rows) {
  const table = [
    ['step', 'what', 'result', 'took'],
    ...rows.map(({ name, what, said, took }) => [name, what, said, took]),
  ];
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  console.log('');
  for (const cells of table) {
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column] + 2))
        .join('')
        .trimEnd(),
    );
  }
  for (const { name, what, problem } of rows) if (problem !== '') console.error(`\n${name}, ${what}:\n${problem}`);
}
