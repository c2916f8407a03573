import type { ChildProcess } from 'node:child_process';

/** A process that was started detached, with all that it has started in turn; what has left for a group of its own is not in it. */
export interface ProcessGroup {
  /** Nothing happens where nobody is left. */
  signal(name: NodeJS.Signals): void;
}

export function groupOf(child: ChildProcess): ProcessGroup {
  const { pid } = child;
  // The number of an empty group may be somebody else's next: it is never used again.
  let isEmpty = pid === undefined;
  const signal = (name: NodeJS.Signals | 0): void => {
    if (isEmpty || pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      isEmpty = code === 'ESRCH';
      // EPERM: all that are left have ended and nobody has asked how (macOS), or they are another account's.
      if (!isEmpty && code !== 'EPERM') throw error;
    }
  };
  child.once('exit', () => signal(0));
  return { signal };
}
