import { createLogger, loggerOptions, type Config } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, warn } from '../finding.js';

/** Not a secret of anybody, and nothing that stands in a line by chance. */
const CANARY = 'q7Fz0pLwQ-doctor-canary';

/** Places in which a secret meets a logger. */
const PLACES: Readonly<Record<string, unknown>> = {
  'a field': { password: CANARY },
  'a field deep inside': { order: { payment: [{ card: { cvv: CANARY } }] } },
  'a header': { req: { headers: { authorization: `Bearer ${CANARY}`, cookie: `sid=${CANARY}` } } },
  'a query': { url: `/reset?token=${CANARY}` },
  'a URL of a database': { error: new Error(`connect postgres://app:${CANARY}@db:5432/app`) },
  'a text': { note: `password=${CANARY}` },
};

export const redactionSelfTest = check({
  id: 'redaction.self-test',
  title: 'whether secrets are taken out of log lines, as the settings have it',
  needs: ['settings'],
  run({ settings }) {
    const leaking = Object.entries(PLACES).flatMap(([place, fields]) =>
      lineOf(settings, fields).includes(CANARY) ? [place] : [],
    );
    if (leaking.length === 0) return ok(`${Object.keys(PLACES).length} places, none leaks`);
    const says = `secrets reach the log from ${leaking.join(', ')}`;
    const cure = 'LOG_REDACT_SENSITIVE=true';
    return settings.isProduction ? fail(says, cure) : warn(says, cure);
  },
});

function lineOf(settings: Config, fields: unknown): string {
  let line = '';
  const stdout = {
    write(text: string): boolean {
      line += text;
      return true;
    },
  };
  const options = {
    ...loggerOptions(settings),
    level: 'info',
    format: 'json',
    dir: undefined,
    auditDir: undefined,
    stdout,
  } as const;
  // Whatever a service may hand to it.
  createLogger(options).info(fields as Record<string, unknown>, 'doctor');
  return line;
}
