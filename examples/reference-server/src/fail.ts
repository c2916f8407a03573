/** EX_CONFIG of sysexits.h: the process cannot work with this configuration, starting it again will not help. */
const EXIT_CONFIGURATION = 78;

/** Ends a process that could not start: what is wrong goes to standard error, whole and in plain words. */
export function failStart(error: unknown): never {
  const isConfiguration = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_ENVIRONMENT');
  const text = isConfiguration
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(isConfiguration ? EXIT_CONFIGURATION : 1);
}
