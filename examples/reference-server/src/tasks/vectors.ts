import { loadSettings } from '../settings.js';
import { backUpVectors, restoreVectors } from './vector-backup.js';

/** `npm run vectors:backup`, and `npm run vectors:restore -- <file>` into the index that PINECONE_INDEX_URL names now. */
async function main([verb, file]: readonly string[]): Promise<void> {
  const { pineconeIndexUrl: url, pineconeApiKey: apiKey, backupDir } = loadSettings().config;
  if (url === undefined || apiKey === undefined) throw new Error('PINECONE_INDEX_URL and PINECONE_API_KEY must be set');
  const index = { url, apiKey };
  if (verb === 'restore' && file !== undefined) {
    process.stdout.write(`restored ${await restoreVectors(index, file)} vectors\n`);
  } else if (verb === 'backup') {
    const made = await backUpVectors(index, backupDir);
    process.stdout.write(`created ${made.file} (${made.vectors} vectors)\n`);
  } else {
    throw new Error('say backup, or restore <file>');
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
