import type { Command } from 'commander';
import { bytesText } from '../../backup/progress.js';
import { grouping } from '../../logs/grouping.js';
import { wholeNumber } from '../../option-values.js';
import { tableText } from '../../table-text.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';
import { addLogReport, type Findings, type ReportOptions } from './report.js';

interface VolumeOptions extends ReportOptions {
  readonly samples?: number;
}

interface Kind {
  readonly level: string;
  readonly message: string;
  lines: number;
  bytes: number;
  readonly samples: string[];
}

const MAX_SAMPLES = 20;

export function volume(group: Command, terminal: Terminal): void {
  addLogReport<VolumeOptions>(group, terminal, {
    name: 'volume',
    summary: 'what is logged most',
    description: 'Says which messages make up the log, by lines and bytes, and with --samples how some of their lines look.',
    rows: 20,
    findings: ({ samples }) => weighed(samples ?? 0),
  }).option('--samples <lines>', 'so many lines of each kind, picked at random', wholeNumber(1, MAX_SAMPLES));
}

function weighed(sampleCount: number): Findings {
  let bytes = 0;
  const found = grouping<Kind>(
    ({ level, message }) => `${level}\n${message}`,
    (_, { level, message }) => ({ level, message, lines: 0, bytes: 0, samples: [] }),
    (kind, { text }) => {
      kind.lines++;
      kind.bytes += Buffer.byteLength(text) + 1;
      bytes += Buffer.byteLength(text) + 1;
      pick(kind, text, sampleCount);
    },
  );
  return {
    take: found.add,
    result(limit) {
      const kinds = [...found.groups].sort((one, other) => other.bytes - one.bytes).slice(0, limit);
      const rows = kinds.map(({ samples, ...kind }) => ({
        ...kind,
        share: Number((kind.bytes / bytes).toFixed(3)),
        ...(sampleCount > 0 && { samples }),
      }));
      return { document: { kinds: rows, others: found.others }, text: shown(rows) };
    },
  };
}

/** Each line has the same chance, however many there will be (reservoir sampling, algorithm R). */
function pick({ samples, lines }: Kind, text: string, most: number): void {
  if (samples.length < most) samples.push(text);
  else if (most > 0) {
    const at = Math.floor(Math.random() * lines);
    if (at < most) samples[at] = text;
  }
}

interface Row extends Omit<Kind, 'samples'> {
  readonly share: number;
  readonly samples?: readonly string[];
}

function shown(kinds: readonly Row[]): string {
  if (kinds.length === 0) return 'nothing';
  const rows = kinds.map((kind) => ({ ...kind, bytes: bytesText(kind.bytes), share: `${(kind.share * 100).toFixed(1)} %` }));
  const samples = kinds.flatMap(({ message, samples = [] }) => [
    ...(samples.length > 0 ? [`\n${visible(message)}`] : []),
    ...samples.map((text) => `  ${visible(text)}`),
  ]);
  return [tableText(['share', 'bytes', 'lines', 'level', 'message'], rows).trimEnd(), ...samples].join('\n');
}
