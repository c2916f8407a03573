import { createObjectStore } from 'express-runbook';

const store = createObjectStore({
  bucket: 'codebook-backups',
  region: 'eu-central-1',
  endpoint: process.env.S3_ENDPOINT ?? 'http://127.0.0.1:9000',
  credentials: {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  },
});

await store.put('notes/today.txt', [Buffer.from('all is well')]); // a stream does as well

export const names: string[] = [];
for await (const { key } of store.list('notes/')) names.push(key);

const { body } = await store.get('notes/today.txt');
export const text = Buffer.concat((await body.toArray()) as Buffer[]).toString();
