import { createHash } from 'node:crypto';
import type { BackupManifest } from '../../../index.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';
import { progress } from '../progress.js';
import { storageError, type Place, type StorageCall } from './place.js';

/** Reads a copy from end to end, keeping nothing; refuses one that is not byte for byte what its manifest was written for. */
export async function checkedCopy(
  place: Place,
  { file, sizeBytes, sha256 }: BackupManifest,
  call: StorageCall,
): Promise<void> {
  const url = place.urlOf(file);
  const hash = createHash('sha256');
  const bar = progress(call.terminal, `reading ${url}`, sizeBytes);
  try {
    const { body } = await place.store.get(`${place.prefix}${file}`, { signal: call.signal });
    for await (const chunk of body) {
      // No encoding was set, so chunks are buffers.
      hash.update(chunk as Buffer);
      bar.advance((chunk as Buffer).length);
    }
  } catch (error) {
    throw storageError(error, `${url} cannot be read: `);
  } finally {
    bar.end();
  }
  if (hash.digest('hex') === sha256) return;
  throw new CommandError(visible(`${url} is damaged: its checksum is not that of its manifest`), EXIT.failed);
}
