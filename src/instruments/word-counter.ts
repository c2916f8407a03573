import type { Registry } from 'prom-client';
import { counter } from './instruments.js';

/** A counter whose one label has one of a few words. */
export interface WordCounterSpec<Word extends string> {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly words: readonly Word[];
}

/** Every word shows 0 from the start, so that its first time is a rise and not a new series. Without a registry nothing is counted. */
export function wordCounter<Word extends string>(
  registry: Registry | undefined,
  { name, help, label, words }: WordCounterSpec<Word>,
): (word: Word) => void {
  if (registry === undefined) return () => undefined;
  const counted = counter(registry, { name, help, labelNames: [label] });
  const series = new Map(words.map((word) => [word, counted.labels({ [label]: word })]));
  for (const one of series.values()) one.inc(0);
  return (word) => series.get(word)?.inc();
}
