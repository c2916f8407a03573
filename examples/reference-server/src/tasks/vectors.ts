import { readFile } from 'node:fs/promises';
import { loadSettings } from '../settings.js';
import { backUpVectors, restoreVectors } from './vector-backup.js';
import { copyToBucket, isBucketUrl, placeOf, textFromBucket } from './vector-bucket.js';

/**
 * `npm run vectors:backup`, with `-- s3://bucket/folder` for a copy there, and `npm run vectors:restore -- <file or s3://bucket/file>`
 * into the index that PINECONE_INDEX_URL names now.
 */
async function main([verb, where]: readonly string[]): Promise<void> {
  const { pineconeIndexUrl: url, pineconeApiKey: apiKey, backupDir } = loadSettings().config;
  if (url === undefined || apiKey === undefined) throw new Error('PINECONE_INDEX_URL and PINECONE_API_KEY must be set');
  const index = { url, apiKey };
  if (verb === 'restore' && where !== undefined) {
    const isRemote = isBucketUrl(where);
    const text = await (isRemote ? textFromBucket(placeOf(where, process.env)) : readFile(where, 'utf8'));
    process.stdout.write(`restored ${await restoreVectors(index, text)} vectors\n`);
  } else if (verb === 'backup') {
    // What could not be copied is refused before it is made.
    const place = where === undefined ? undefined : placeOf(where, process.env);
    const made = await backUpVectors(index, backupDir);
    process.stdout.write(`created ${made.file} (${made.vectors} vectors)\n`);
    if (place !== undefined) process.stdout.write(`copied to ${await copyToBucket(place, made.file)}\n`);
  } else {
    throw new Error('say backup [s3://bucket/folder], or restore <file or s3://bucket/file>');
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
