import { demandSecrets } from './auth/secrets.js';
import { failStart } from './fail.js';
import { loadSettings } from './settings.js';
import { start } from './start.js';

// The entry of `npm start` in this folder: no embedded database, nothing but the dependencies.
async function main(): Promise<void> {
  const settings = loadSettings();
  demandSecrets(settings.config);
  await start(settings);
}

main().catch(failStart);
