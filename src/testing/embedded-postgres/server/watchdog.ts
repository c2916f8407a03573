import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

// $1 pid of the server, $2 its folder, $3 our name among its holders, $4 "temporary" or "kept". That the server has ended is seen by its
// pid file being gone: as a process it may stay for a while, when nobody buries it.
const SCRIPT = `
cat >/dev/null
n=0
while kill -0 "$1" 2>/dev/null && [ ! -s "$2/postmaster.pid" ] && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
pid= since=
[ -s "$2/postmaster.pid" ] && { read -r pid; read -r folder; read -r since; } <"$2/postmaster.pid"
if [ "$pid" = "$1" ]; then
  holders="$2/holders-$pid-$since"
  rm -f "$holders/$3"
  for other in "$holders"/*; do
    name=\${other##*/}
    kill -0 "\${name%%-*}" 2>/dev/null || rm -f "$other"
  done
  if [ ! -d "$holders" ] || rmdir "$holders" 2>/dev/null; then
    kill -CONT "$1"; kill -INT "$1"
    n=0
    while [ "$(head -n 1 "$2/postmaster.pid" 2>/dev/null)" = "$1" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
    [ $n -lt 100 ] || kill -QUIT "$1"
  fi
fi
if [ "$4" = temporary ]; then rm -rf "$2"; fi
`;

export interface Watched {
  readonly pid: number;
  readonly dataDir: string;
  readonly holder: string;
  readonly isTemporary: boolean;
}

/**
 * Gives the server back when this process ends without having done so, however it ends: the watchdog reads a pipe from
 * us and sees its end. Has a process group of its own, so that no Ctrl-C reaches it. Returns the function that calls it off.
 */
export function startWatchdog({ pid, dataDir, holder, isTemporary }: Watched): () => void {
  const parameters = ['sh', String(pid), dataDir, holder, isTemporary ? 'temporary' : 'kept'];
  const dog = spawn('/bin/sh', ['-c', SCRIPT, ...parameters], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a watchdog the server is still stopped by stop(); that must not fail for the want of a shell.
  dog.once('error', (error) => {
    process.emitWarning(error);
  });
  dog.unref();
  // Typed as any stream; the pipe to a child is a socket (https://nodejs.org/api/child_process.html#optionsstdio).
  (dog.stdin as Writable & { unref(): void }).unref();
  return () => {
    // Its `cat` sees the end of the pipe and goes by itself.
    dog.kill('SIGKILL');
    dog.stdin.destroy();
  };
}
