/** EX_CONFIG of sysexits.h: the process cannot work with this configuration, starting it again will not help. */
const EXIT_CONFIGURATION = 78;

/** A start that cannot succeed for a reason that people can mend; the message says how. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Ends a process that could not start: what is wrong goes to standard error, whole and in plain words. */
export function failStart(error: unknown): never {
  process.stderr.write(`${textOf(error)}\n`);
  process.exit(nameOf(error) === 'ConfigError' ? EXIT_CONFIGURATION : 1);
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') return `${error.message}: stop what listens there, or set PORT`;
  const isPlain = ['ConfigError', 'StartError', 'MigrationError'].includes(error.name);
  return isPlain ? error.message : (error.stack ?? error.message);
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
