import { freshState, type AlertReport, type AlertState } from './alert-state.js';
import type { Board, Loaded } from './board.js';
import { nextState, toldState, type Message, type OwnReport, type Step, type StepContext } from './next-state.js';

/** What this instance reports of one alert. */
export interface Reported {
  readonly name: string;
  readonly resource?: string;
  readonly isCondition: boolean;
  report(now: number): AlertReport;
}

/** A message that this instance is to send. */
export interface Telling {
  readonly key: string;
  readonly state: AlertState;
  readonly message: Message;
  readonly now: number;
}

export interface RoundsSpec {
  readonly board: Board;
  readonly instance: string;
  readonly repeatMs: number;
  /** How long the instance that tells has before another one does. */
  readonly tellingMs: number;
  /** Alerts sent by `sendAlert` that are remembered; rules and what they watch are bounded by themselves. */
  readonly maxSent: number;
  /** Beside so many that are claimed already. */
  readonly mayTell: (claimed: number) => boolean;
  readonly isSending: (key: string) => boolean;
  readonly isSilenced: (state: AlertState, loaded: Loaded) => boolean;
  readonly onHeldBack: (state: AlertState, why: 'silenced' | 'flood') => void;
  readonly onTooMany: (name: string) => void;
}

export interface Rounds {
  /** Reports, and claims what is to be told. With `isWhole` what is not reported is over, as far as this instance is concerned. */
  run(reports: ReadonlyMap<string, Reported>, isWhole: boolean): Promise<Telling[]>;
  confirm(key: string, message: Message): Promise<void>;
}

/** Another instance may change the same state at the same time; whose change comes second looks anew. */
const MAX_TRIES = 5;

export function createRounds(spec: RoundsSpec): Rounds {
  const { board } = spec;

  function isFull({ states }: Loaded): boolean {
    if (states.size < spec.maxSent) return false;
    return [...states.values()].filter(({ isCondition }) => !isCondition).length >= spec.maxSent;
  }

  function stepOf(key: string, reported: Reported | undefined, round: Round): Step | undefined {
    const { isWhole, loaded, claimed } = round;
    const known = loaded.states.get(key);
    const report = reported?.report(loaded.now);
    if (known === undefined && reported?.isCondition === false && isFull(loaded)) {
      spec.onTooMany(reported.name);
      return undefined;
    }
    const before = known ?? (reported === undefined || report === undefined ? undefined : freshState(reported, report));
    if (before === undefined) return undefined;
    const own: OwnReport = report ?? (isWhole && before.isCondition ? 'none' : 'unchanged');
    const context: StepContext = {
      now: loaded.now,
      instance: spec.instance,
      repeatMs: spec.repeatMs,
      tellingMs: spec.tellingMs,
      isSending: spec.isSending(key),
      mayTell: spec.mayTell(claimed),
      isSilenced: (state) => spec.isSilenced(state, loaded),
    };
    return nextState(before, own, context);
  }

  return {
    async run(reports, isWhole) {
      const tellings: Telling[] = [];
      let open: readonly string[] | undefined;
      for (let number = 1; number <= MAX_TRIES && open?.length !== 0; number++) {
        const loaded = await board.load();
        const lost: string[] = [];
        for (const key of open ?? new Set([...reports.keys(), ...(isWhole ? loaded.states.keys() : [])])) {
          const step = stepOf(key, reports.get(key), { isWhole, loaded, claimed: tellings.length });
          if (step === undefined || isSame(step.state, loaded.states.get(key))) continue;
          if (!(await board.save(key, step.state))) {
            lost.push(key);
            continue;
          }
          if (step.state === undefined) continue;
          if (step.isHeldBack !== undefined) spec.onHeldBack(step.state, step.isHeldBack);
          if (step.message !== undefined) {
            tellings.push({ key, state: step.state, message: step.message, now: loaded.now });
          }
        }
        open = lost;
      }
      return tellings;
    },
    async confirm(key, message) {
      for (let number = 1; number <= MAX_TRIES; number++) {
        const { now, states } = await board.load();
        const state = states.get(key);
        if (state === undefined || (await board.save(key, toldState(state, message, now)))) return;
      }
    },
  };
}

interface Round {
  readonly isWhole: boolean;
  readonly loaded: Loaded;
  readonly claimed: number;
}

/** Plain data, in the order in which it was made. */
function isSame(one: AlertState | undefined, other: AlertState | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
