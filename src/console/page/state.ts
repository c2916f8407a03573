import {
  CHECK_MARKS,
  SERIES,
  type ConsoleSnapshot,
  type ConsoleTick,
  type Sample,
  type Sections,
  type SeriesName,
} from '../wire/index.js';

interface LiveHistory {
  readonly at: number[];
  readonly series: Readonly<Record<SeriesName, (number | null)[]>>;
  readonly checks: Record<string, string>;
}

/** What the page knows: the latest whole, and what came since. */
export interface State extends Omit<ConsoleSnapshot, 'history' | 'sections'> {
  readonly history: LiveHistory;
  sections: Sections;
}

export function stateOf(snapshot: ConsoleSnapshot): State {
  const { at, series, checks } = snapshot.history;
  const copies = Object.fromEntries(SERIES.map((name) => [name, [...series[name]]]));
  return {
    ...snapshot,
    // The keys are those of SERIES.
    history: { at: [...at], series: copies as LiveHistory['series'], checks: { ...checks } },
  };
}

export function takeTick(state: State, { sample, sections }: ConsoleTick): void {
  state.sections = { ...state.sections, ...sections };
  append(state, sample);
}

function append({ history, historyMs }: State, { at, values, checks }: Sample): void {
  const length = history.at.length;
  history.at.push(at);
  for (const name of SERIES) history.series[name].push(values[name]);
  for (const name of new Set([...Object.keys(history.checks), ...Object.keys(checks)])) {
    const before = history.checks[name] ?? CHECK_MARKS.unknown.repeat(length);
    history.checks[name] = before + CHECK_MARKS[checks[name] ?? 'unknown'];
  }
  const oldest = history.at.findIndex((one) => one > at - historyMs);
  if (oldest <= 0) return;
  history.at.splice(0, oldest);
  for (const name of SERIES) history.series[name].splice(0, oldest);
  for (const [name, marks] of Object.entries(history.checks)) history.checks[name] = marks.slice(oldest);
}

/** One of the places of the page. */
export interface View {
  readonly id: string;
  readonly title: string;
  readonly element: HTMLElement;
  /** Beside the title: how many there are to be looked at. */
  badge?(state: State): number;
  /** Called when there is something new, while it is the one that is shown. */
  update(state: State): void;
  /** Called when it is shown, and when it is no longer. */
  toggle?(isShown: boolean): void;
}
