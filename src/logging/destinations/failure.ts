/** Why a line was not written; `full`: too many are held already. */
export type Failure = NodeJS.ErrnoException | 'full';

export function codeOf(failure: Failure | undefined): string | undefined {
  return typeof failure === 'object' ? failure.code : undefined;
}

/** To standard error, as Node's own warnings: the log cannot tell of itself that it cannot be written. */
export function warnOf(name: string, failure: Failure | undefined): void {
  const message = typeof failure === 'object' ? failure.message : String(failure);
  const reason = codeOf(failure) === 'EAGAIN' ? 'its reader has stopped reading' : message;
  process.emitWarning(`${name} cannot be written: ${reason}`, 'LogDestinationWarning');
}
