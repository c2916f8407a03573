/** What every command ends with. */
export const EXIT = Object.freeze({
  ok: 0,
  /** The command worked, and what it looked at is not as it should be. */
  findings: 1,
  /** What was asked for could not be done: the database said no, or is away. */
  failed: 1,
  /** Called wrongly, or what it was told to read cannot be read. */
  usage: 2,
  /** A mistake of ours (EX_SOFTWARE of sysexits.h). */
  failure: 70,
  /** Ended by Ctrl-C, after cleaning up (128 and the number of SIGINT). */
  interrupted: 130,
});

/** Ends the command with a message for people and an exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    message: string,
    readonly exitCode: number = EXIT.usage,
  ) {
    super(message);
  }
}
