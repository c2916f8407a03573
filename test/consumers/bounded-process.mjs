import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Runs a command to its end, or kills it after `timeoutMs`; never rejects for what the command did. */
export async function finished(command, args, { cwd, env = process.env, timeoutMs = 120_000 }) {
  const child = spawn(command, args, {
    cwd,
    env,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status, signal, stdout, stderr, all: `${stdout}${stderr}` };
}

/** The same for commands that must succeed. */
export async function succeeded(command, args, options) {
  const result = await finished(command, args, options);
  if (result.status === 0) return result;
  throw new Error(
    `${command} ${args.join(' ')} ended with ${result.status ?? result.signal}\n${firstLines(result.all)}`,
  );
}

function firstLines(output) {
  return output.trim().split('\n').slice(0, 25).join('\n');
}
