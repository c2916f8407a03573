import { setTimeout as wait } from 'node:timers/promises';
import type { Destination } from './destination.js';
import { endedStream } from './ended-stream.js';
import { codeOf, warnOf, type Failure } from './failure.js';
import { openedStream, type Stream } from './opened-stream.js';
import { patience, sleep, type StallPolicy } from './patience.js';

const CLOSE_TIMEOUT_MS = 2_000;
const RETRY_MS = 50;

/**
 * A file or file descriptor, written synchronously: a line is with the system when `log.info()` returns, so none is lost
 * by `process.exit()`, an uncaught exception or a signal (pino's buffered destinations lose theirs). It costs about as
 * much as the asynchronous default. When a pipe is full, `whenStalled` says for how long the process waits for its reader;
 * after that lines are held in memory, up to 1 MiB, and what comes then is dropped and counted. So it is, without waiting,
 * with a full disk. Throws when a file cannot be opened.
 */
export function sonicDestination(target: number | string, name: string, whenStalled: StallPolicy): Destination {
  return new SonicDestination(target, name, whenStalled);
}

/** `held`: lines wait in memory; `left`: the reader of the pipe is gone. */
type State = 'open' | 'held' | 'left' | 'closed';

class SonicDestination implements Destination {
  private stream: Stream;
  private state: State = 'open';
  private failure: Failure | undefined;
  private heldLines = 0;
  private droppedLines = 0;
  private retry: NodeJS.Timeout | undefined;
  private closing: Promise<void> | undefined;
  private readonly patience;
  /** It has no name to be opened by; whoever opened it rotates what is behind it. */
  private readonly isDescriptor: boolean;

  constructor(
    private readonly target: number | string,
    private readonly name: string,
    whenStalled: StallPolicy,
  ) {
    this.stream = this.opened();
    this.patience = patience(whenStalled);
    this.isDescriptor = typeof target === 'number';
  }

  write(line: string): void {
    if (this.state === 'left' || this.state === 'closed') this.droppedLines++;
    else if (!this.attempt(line)) this.hold();
  }

  reopen(): void {
    if (this.isDescriptor || this.state === 'closed') return;
    const old = this.stream;
    const next = this.opened();
    // What the old file did not take stays out of the new one, which would begin with half a line.
    if (this.state === 'held' && !this.attempt('')) this.dropHeld();
    this.stream = next;
    this.settle('open');
    // Nothing waits in it: every line was written when it was logged.
    old.destroy();
  }

  close(): Promise<void> {
    return (this.closing ??= this.finish());
  }

  dropped(): number {
    return this.droppedLines;
  }

  private opened(): Stream {
    return openedStream(this.target, (failure) => (this.failure = failure));
  }

  /** Writes what is held and the text behind it. The stream is synchronous: it has failed when it returns, or not at all. */
  private attempt(text: string): boolean {
    this.failure = undefined;
    this.stream.write(text);
    if (this.hasFailed()) return false;
    this.heldLines = 0;
    if (this.state !== 'open') this.settle('open');
    return true;
  }

  /** Set by listeners while the stream writes, which the compiler cannot see. */
  private hasFailed(): boolean {
    return this.failure !== undefined;
  }

  private readonly attemptHeld = (): boolean => this.attempt('');

  private hold(): void {
    if (this.failure === 'full') {
      this.droppedLines++;
      // The stream does not try by itself any more.
      this.attemptHeld();
      return;
    }
    this.heldLines++;
    if (codeOf(this.failure) === 'EAGAIN' && this.state === 'open' && this.patience.waitFor(this.attemptHeld)) return;
    // Once per failure, not per line: the same disk is full for every one of them.
    if (this.state === 'open') warnOf(this.name, this.failure);
    const hasLeft = codeOf(this.failure) === 'EPIPE';
    if (hasLeft) this.dropHeld();
    this.settle(hasLeft ? 'left' : 'held');
  }

  private settle(state: State): void {
    const wasHeld = this.state === 'held';
    this.state = state;
    if (state !== 'held') this.heldLines = 0;
    if (wasHeld === (state === 'held')) return;
    if (wasHeld) {
      clearInterval(this.retry);
      process.off('exit', this.writeHeldAtExit);
    } else {
      this.retry = setInterval(this.attemptHeld, RETRY_MS).unref();
      if (this.isDescriptor) process.on('exit', this.writeHeldAtExit);
    }
  }

  /** A reader may only be slow: a process that ends gives it the time that `close()` would. */
  private readonly writeHeldAtExit = (): void => {
    for (let leftMs = CLOSE_TIMEOUT_MS; leftMs > 0 && !this.attemptHeld(); leftMs -= RETRY_MS) sleep(RETRY_MS);
  };

  private async finish(): Promise<void> {
    const deadline = performance.now() + (this.isDescriptor ? CLOSE_TIMEOUT_MS : 0);
    while (this.state === 'held' && !this.attemptHeld() && performance.now() < deadline) await wait(RETRY_MS);
    const { state } = this;
    this.dropHeld();
    this.settle('closed');
    if (state !== 'left') await endedStream(this.stream, state === 'held');
  }

  private dropHeld(): void {
    this.droppedLines += this.heldLines;
    this.heldLines = 0;
  }
}
