import { loadSettings } from '../settings.js';
import { contentOf, placeOf } from './backup-place.js';
import { backUpVectors, restoreVectors } from './vector-backup.js';

/**
 * `npm run vectors:backup` into BACKUP_DIR, or with `-- s3://bucket/prefix` into a bucket; `npm run vectors:restore -- <file>`, or an object
 * as `s3://bucket/key`, into the index that PINECONE_INDEX_URL names now.
 */
async function main([verb, where]: readonly string[]): Promise<void> {
  const { pineconeIndexUrl: url, pineconeApiKey: apiKey, backupDir } = loadSettings().config;
  if (url === undefined || apiKey === undefined) throw new Error('PINECONE_INDEX_URL and PINECONE_API_KEY must be set');
  const index = { url, apiKey };
  if (verb === 'restore' && where !== undefined) {
    process.stdout.write(`restored ${await restoreVectors(index, await contentOf(where))} vectors\n`);
  } else if (verb === 'backup') {
    const made = await backUpVectors(index, placeOf(where ?? backupDir));
    process.stdout.write(`created ${made.where} (${made.vectors} vectors)\n`);
  } else {
    throw new Error('say backup [s3://bucket/prefix], or restore <file or s3://bucket/key>');
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
