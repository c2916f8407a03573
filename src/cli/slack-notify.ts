#!/usr/bin/env node
import { slackNotify } from './slack/slack-notify.js';
import { terminal } from './terminal.js';

void slackNotify(process.argv.slice(2), terminal()).then((exitCode) => {
  // Not process.exit(): what a pipe has not taken yet would be lost.
  process.exitCode = exitCode;
});
