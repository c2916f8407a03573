import { failStart } from '../fail.js';
import { loadSettings } from '../settings.js';
import { startLanguageModel } from './language-model.js';
import { portOf } from './stand-in.js';
import { startVectorIndex } from './vector-index.js';

// The entry of `npm run stand-ins`: both of them, where the configuration looks for them.
async function main(): Promise<void> {
  const { config } = loadSettings();
  const model = await startLanguageModel(portOf(config.llmApiUrl));
  const index = await startVectorIndex(portOf(config.pineconeIndexUrl));
  process.stdout.write(`language model ${model.url}\nvector index   ${index.url}\n`);
}

main().catch(failStart);
