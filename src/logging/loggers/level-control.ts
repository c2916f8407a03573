import type { pino } from 'pino';
import { isOneOf, isText, isTimeMs } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { describe, resolveOptions } from '../../core/options.js';
import { LOG_LEVELS, type LineLevel } from '../line/levels.js';

export interface LevelChangeOptions {
  /** Milliseconds after which the level is again what it was before. Without it the level stays until the next change. */
  forMs?: number;
  /** Why, for the audit line. */
  reason?: string;
}

export interface LevelControl {
  readonly setLevel: (level: LineLevel, options?: LevelChangeOptions) => void;
  /** Ends the wait for the way back. */
  readonly close: () => void;
}

type Audit = (fields: object, message: string) => void;

const LOUD_LEVELS = LOG_LEVELS.filter((level) => level !== 'silent');

/** Changes of the level while the service runs. Each leaves an audit line, those by `logger.level = …` too. */
export function levelControl(logger: pino.Logger, audit: Audit): LevelControl {
  let wayBack: NodeJS.Timeout | undefined;
  let steadyLevel = logger.level;
  let told: LevelChangeOptions & { isBack?: true } = {};

  logger.on('level-change', (to, _value, from, _previous, changed) => {
    // Children that have a level of their own tell of it here as well.
    if (changed !== logger) return;
    clearTimeout(wayBack);
    if (told.forMs === undefined) steadyLevel = to;
    const { isBack, ...why } = told;
    if (to !== from) audit({ from, to, ...why }, isBack ? 'Log level is back' : 'Log level changed');
  });

  function change(level: string, how: typeof told): void {
    told = how;
    try {
      logger.level = level;
    } finally {
      told = {};
    }
  }

  return {
    setLevel(level, options) {
      const how = resolveOptions('setLevel', options, {}, { forMs: isTimeMs(1), reason: isText });
      const problem = isOneOf(LOUD_LEVELS)(level);
      if (problem !== undefined) {
        const got = `${problem}; logging cannot be switched off, got ${describe(level)}`;
        throw new ConfigError('ERR_OPTION_INVALID', 'setLevel.level', got);
      }
      change(level, how);
      if (how.forMs !== undefined) {
        wayBack = setTimeout(() => change(steadyLevel, { isBack: true }), how.forMs).unref();
      }
    },
    close: () => clearTimeout(wayBack),
  };
}
