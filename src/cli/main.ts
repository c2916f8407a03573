#!/usr/bin/env node
import { runProgram } from './run-program.js';
import { terminal } from './terminal.js';

void runProgram(process.argv.slice(2), terminal()).then((exitCode) => {
  // Not process.exit(): what a pipe has not taken yet would be lost.
  process.exitCode = exitCode;
});
