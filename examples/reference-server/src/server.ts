import { failStart } from './fail.js';
import { loadSettings } from './settings.js';
import { start } from './start.js';

// The entry of `npm start` in this folder: no embedded database, nothing but the dependencies.
async function main(): Promise<void> {
  await start(loadSettings());
}

main().catch(failStart);
