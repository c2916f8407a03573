import { inThread } from 'express-runbook/jobs';

export const report = { run: inThread(new URL('./report.js', import.meta.url)) };
