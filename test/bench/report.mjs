import { availableParallelism, cpus } from 'node:os';
import { goals } from './goals.mjs';
import { IS_PINNED } from './processes.mjs';
import { BASE } from './variants.mjs';

export function report(variants, figures, imports, { generations, rounds, roundMs, connections }) {
  const pinned = IS_PINNED ? 'server and load pinned to one processor each' : 'NOT pinned: no taskset or one processor';
  return [
    `Node ${process.version}, V8 ${process.versions.v8}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, ${pinned}`,
    `${generations} × ${rounds} rounds of ${roundMs} ms per variant, interleaved; ${connections} connections; medians; trust the ratios`,
    '',
    table(variantRows(variants, figures)),
    '',
    `Import: root entry ${importText(imports.entry)}; the libraries it wraps ${importText(imports.wrapped)}`,
    '',
    table(goalRows(goals(figures, imports))),
    '',
  ].join('\n');
}

function variantRows(variants, figures) {
  const base = figures[BASE];
  const rows = variants.map(({ id, label }) => {
    const { perSecond, cpuMicros, p99Ms } = figures[id];
    return [
      label,
      perSecond.toFixed(0),
      p99Ms.toFixed(1),
      cpuMicros.toFixed(0),
      (perSecond / base.perSecond).toFixed(2),
      (cpuMicros / base.cpuMicros).toFixed(2),
    ];
  });
  return [['variant', 'requests/s', 'p99 ms', 'CPU µs', 'requests/bare', 'CPU/bare'], ...rows];
}

function goalRows(reached) {
  const rows = reached.map(({ id, what, ratio, goal, atMost, verdict }) => {
    return [id, what, ratio.toFixed(2), `${atMost ? '≤' : '≥'} ${goal}`, verdict];
  });
  return [['id', 'ratio', 'this run', 'goal', ''], ...rows];
}

function importText({ ms, heapMb, rssMb }) {
  return `${ms.toFixed(0)} ms, ${heapMb.toFixed(1)} MB heap, ${rssMb.toFixed(1)} MB resident`;
}

/** A table that terminals and Markdown both show. */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}
