import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { LoggerOptions } from 'express-runbook';
import { corpus, isReadable, REGISTERED, type Placement } from './redaction-corpus.js';
import { recorded } from './recorded.js';

const PLACEMENTS = corpus();

/** Where the secret could be read in what was written. */
function leaks(lineOf: (placement: Placement) => string, among: readonly Placement[] = PLACEMENTS): string[] {
  return among.filter((placement) => isReadable(lineOf(placement), placement.needle)).map(({ where }) => where);
}

/** Placements, secrets and encodings of all sorts: seven divides none of their numbers. */
function everySeventh(): Placement[] {
  return PLACEMENTS.filter((_placement, index) => index % 7 === 0);
}

function logged(options?: LoggerOptions): (placement: Placement) => string {
  const { logger, text } = recorded(options);
  logger.registerSecrets(REGISTERED.map((secret) => secret.text));
  let seen = 0;
  return ({ args, bindings }) => {
    Reflect.apply(logger.info, bindings === undefined ? logger : logger.child(bindings()), args());
    const line = text().slice(seen);
    seen += line.length;
    return line;
  };
}

/** What a team has that lists the paths it knows of (https://getpino.io/#/docs/redaction). */
function loggedByPaths(): (placement: Placement) => string {
  const names = ['password', 'accessToken', 'client_secret', '["x-api-key"]'];
  const paths = names.flatMap((name) => [name, name.startsWith('[') ? `*${name}` : `*.${name}`]);
  let line = '';
  const logger = pino({ redact: paths }, { write: (text) => (line = text) });
  return ({ args, bindings }) => {
    Reflect.apply(logger.info, bindings === undefined ? logger : logger.child(bindings()), args());
    return line;
  };
}

describe('the corpus of placements (LOG-60, LOG-62, S17)', () => {
  it('has more than 500 placements, each different', () => {
    expect(PLACEMENTS.length).toBeGreaterThan(500);
    expect(new Set(PLACEMENTS.map(({ where }) => where)).size).toBe(PLACEMENTS.length);
  });

  it('leaves no secret to be read, in whatever place and encoding', () => {
    expect(leaks(logged())).toEqual([]);
  });

  it('leaves none in the lines that people read, either', () => {
    expect(leaks(logged({ format: 'pretty' }), everySeventh())).toEqual([]);
  });

  it('is found out by, when redaction is switched off', () => {
    const some = everySeventh();
    expect(leaks(logged({ redact: false }), some).length).toBeGreaterThan(some.length * 0.8);
  });

  it('is found out by, when redaction only knows paths', () => {
    expect(leaks(loggedByPaths()).length).toBeGreaterThan(500);
  });
});
