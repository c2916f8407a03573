#!/usr/bin/env node
import { runProgram } from './run-program.js';
import { terminal } from './terminal.js';

const LOOK_AGAIN_MS = 1000;

void runProgram(process.argv.slice(2), terminal()).then((exitCode) => {
  // Not process.exit() at once: what a pipe has not taken yet would be lost.
  process.exitCode = exitCode;
  // A seed, a migration, a profile or an ecosystem file that was loaded may have left something open.
  const end = (): void => {
    if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  };
  setInterval(end, LOOK_AGAIN_MS).unref();
});
