import { describe, expect, it } from 'vitest';
import { startS3Server } from '../support/s3-server.js';
import { useIndexes, vectorTask } from '../support/vector-index.js';

const [old, fresh] = useIndexes(250);

describe('backups of a vector index (BKP-15)', () => {
  it('go into a bucket and come back from it, as one object of the name that the guide prints', async () => {
    await using storage = await startS3Server();
    const { accessKeyId, secretAccessKey } = storage.keys;
    const variables = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: storage.region,
      AWS_ENDPOINT_URL_S3: storage.endpoint,
    };
    const made = await vectorTask(old, ['backup', 's3://codebook-backups'], variables);
    const said = /^created (s3:\/\/codebook-backups\/pinecone-backup-\d{13}\.json) \(250 vectors\)\n$/.exec(made.said);
    expect([...storage.bucket.objects.keys()]).toEqual([said?.[1]?.split('/').at(-1)]);
    const restored = await vectorTask(fresh, ['restore', said?.[1] ?? ''], variables);
    expect(restored).toEqual({ code: 0, said: 'restored 250 vectors\n' });
    expect(fresh.vectors).toEqual(old.vectors);
    expect(await vectorTask(old, ['backup', 's3://codebook-backups'], {})).toEqual({
      code: 1,
      said: 'error: the storage needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment\n',
    });

    // What fails on the way leaves no object.
    storage.bucket.objects.clear();
    old.failsAfterPages = 2;
    expect(await vectorTask(old, ['backup', 's3://codebook-backups/weekly'], variables)).toMatchObject({ code: 1 });
    old.failsAfterPages = Infinity;
    expect([storage.bucket.objects.size, storage.bucket.uploads.size]).toEqual([0, 0]);
  });
});
