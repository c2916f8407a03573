import { createProfiler } from 'express-runbook';

export const profiler = createProfiler({ dir: process.env.PROFILE_DIR ?? 'profiles', cpuMs: 200 });

export const file = await profiler.cpu(); // a .cpuprofile: open it in Chrome or VS Code
