import { createHash, randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createObjectStore, type ObjectStore, type ObjectStoreOptions } from 'express-runbook';
import { KEYS, startS3Server, type Fault, type S3Server } from '../support/s3-server.js';
import { expectedSignature } from '../support/s3-signature.js';

const MEBIBYTE = 1024 * 1024;
const PART = 5 * MEBIBYTE;
/** Three parts, the last of them short. */
const LARGE = randomBytes(2 * PART + 1234);

let server: S3Server;
beforeEach(async () => {
  server = await startS3Server();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server[Symbol.asyncDispose]();
});

function storeOf(options: Partial<ObjectStoreOptions> = {}): ObjectStore {
  const { endpoint, region, keys: credentials } = server;
  return createObjectStore({
    bucket: 'codebook-backups',
    ...{ endpoint, region, credentials, partBytes: PART, retryDelayMs: 1 },
    ...options,
  });
}

/** In pieces that fit into no part evenly. */
function pieces(data: Buffer, size = 99_991): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
    })(),
  );
}

const failure = async (work: Promise<unknown>): Promise<Record<string, unknown>> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Record<string, unknown>;
};
const contentOf = (key: string): Buffer | undefined => server.bucket.objects.get(key)?.content;
const linesOf = (pattern: RegExp): string[] => server.requests.filter((line) => pattern.test(line));

describe('the server of these tests', () => {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  const host = ['Host', 'examplebucket.s3.amazonaws.com', 'x-amz-date', '20130524T000000Z'];
  const empty = createHash('sha256').digest('hex');
  it.each([
    [
      'GET',
      '/test.txt',
      ['Range', 'bytes=0-9'],
      '',
      'host;range',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT',
      '/test$file.text',
      ['Date', 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class', 'REDUCED_REDUNDANCY'],
      'Welcome to Amazon S3.',
      'date;host',
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    ['GET', '/?lifecycle', [], '', 'host', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    [
      'GET',
      '/?prefix=J&max-keys=2',
      [],
      '',
      'host',
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('computes the signature that AWS publishes for %s %s', (method, target, headers, text, first, published) => {
    const last = text === '' ? '' : ';x-amz-storage-class';
    const signed = `SignedHeaders=${first};x-amz-content-sha256;x-amz-date${last}`;
    const credential = 'Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
    const authorization = `AWS4-HMAC-SHA256 ${credential},${signed},Signature=${'0'.repeat(64)}`;
    const hash = text === '' ? empty : createHash('sha256').update(text).digest('hex');
    const rawHeaders = [...host, ...headers, 'x-amz-content-sha256', hash, 'Authorization', authorization];
    const request = { method, target, rawHeaders, body: Buffer.from(text) };
    expect(expectedSignature(request, 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')).toBe(published);
  });
});

describe('an object store', () => {
  it('stores, finds, reads, lists page by page and removes, whatever the key looks like (BKP-06)', async () => {
    await using small = await startS3Server({ pageSize: 2 });
    const store = storeOf({ endpoint: small.endpoint });
    const keys = ["db/a b+c&d=é~(1)*!'.dump", 'db/<x>"%2F".sql', 'db/ünï 😀', 'db/zz', 'other'];
    for (const key of keys) await store.put(key, pieces(Buffer.from(key)));
    const listed = [];
    for await (const object of store.list('db/')) listed.push(object);
    expect(listed.map(({ key }) => key)).toEqual(keys.slice(0, 4).sort());
    expect(listed[3]).toEqual({
      key: 'db/ünï 😀',
      bytes: Buffer.byteLength('db/ünï 😀'),
      etag: createHash('md5').update('db/ünï 😀').digest('hex'),
      modifiedAt: new Date('2026-11-22T03:00:00Z'),
    });
    for (const key of keys) expect((await buffer((await store.get(key)).body)).toString()).toBe(key);
    expect(await store.head('db/zz')).toMatchObject({ bytes: 5 });
    await store.remove('db/zz');
    await store.remove('db/zz');
    expect(await store.head('db/zz')).toBeUndefined();
    expect(await failure(store.get('db/zz'))).toMatchObject({ code: 'ERR_STORAGE_NOT_FOUND', reason: 'NoSuchKey' });
  });

  it.each([0, 1, PART - 1, PART, PART + 1])('stores a stream of %i bytes as it is', async (bytes) => {
    const data = LARGE.subarray(0, bytes);
    const seen: number[] = [];
    const onProgress = (done: number): void => void seen.push(done);
    const stored = await storeOf().put('x', pieces(data), { sizeBytes: bytes, onProgress });
    expect(stored).toEqual({ key: 'x', bytes, etag: server.bucket.objects.get('x')?.etag });
    expect(contentOf('x')?.equals(data)).toBe(true);
    expect(seen.at(-1)).toBe(bytes);
    expect(linesOf(/uploads=/)).toHaveLength(bytes < PART ? 0 : 1);
  });

  it('uploads a stream of any length in parts, with the memory of one of them', async () => {
    const store = storeOf();
    let produced = 0;
    let mostAhead = 0;
    let stored = 0;
    async function* source(): AsyncGenerator<Buffer> {
      for (const at of Array(16).keys()) {
        produced += MEBIBYTE;
        mostAhead = Math.max(mostAhead, produced - stored);
        yield await Promise.resolve(Buffer.alloc(MEBIBYTE, at));
      }
    }
    await store.put('x', source(), { onProgress: (bytes) => (stored = bytes) });
    expect(contentOf('x')).toHaveLength(16 * MEBIBYTE);
    expect(mostAhead).toBeLessThanOrEqual(PART + MEBIBYTE);
    expect(linesOf(/partNumber=/)).toHaveLength(4);
    expect(server.bucket.uploads.size).toBe(0);
  });

  it('addresses the bucket in the path, or in the name of the host', async () => {
    // Nobody but this test knows the host.
    const realLookup = dns.lookup.bind(dns);
    vi.spyOn(dns, 'lookup').mockImplementation(
      (_host: string, ...rest: Parameters<typeof dns.lookup> extends [string, ...infer R] ? R : never) =>
        // The overloads of lookup differ in what follows the host.
        (realLookup as (...args: unknown[]) => void)('127.0.0.1', ...rest),
    );
    await storeOf().put('a/b', pieces(Buffer.from('path')));
    const endpoint = `http://storage.test:${server.port}`;
    await storeOf({ endpoint, addressing: 'virtual-host' }).put('a/b', pieces(Buffer.from('host')));
    expect(server.requests).toEqual(['PUT /codebook-backups/a/b 200', 'PUT /a/b 200']);
    expect(contentOf('a/b')?.toString()).toBe('host');
  });

  it('takes temporary credentials', async () => {
    await using temporary = await startS3Server({ keys: { ...KEYS, sessionToken: 'canary-token' } });
    const { endpoint, keys: credentials } = temporary;
    await storeOf({ endpoint, credentials }).put('x', pieces(Buffer.from('x')));
    expect(await failure(storeOf({ endpoint }).head('x'))).toMatchObject({ code: 'ERR_STORAGE_DENIED' });
  });
});

describe('when something goes wrong', () => {
  const passing: readonly Fault[] = ['500', '503', 'cut', 'lost', 'hang', 'wrong-etag'];
  it.each(passing)('a request that meets "%s" is tried again, and the object is whole', async (fault) => {
    server.fail(/^PUT/, fault);
    await storeOf({ timeoutMs: fault === 'hang' ? 500 : 10_000, attempts: 10 }).put(
      'x',
      pieces(LARGE.subarray(0, 300_000)),
    );
    expect(contentOf('x')?.equals(LARGE.subarray(0, 300_000))).toBe(true);
    // A machine with other things to do may answer later than the deadline once more.
    expect(linesOf(/^PUT/).length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    [/uploads=/, '500'],
    [/partNumber=2/, 'cut'],
    [/partNumber=2/, 'wrong-etag'],
    [/^POST .*uploadId=/, 'error-in-200'],
    // Done, and nobody heard it: the second attempt finds no upload any more.
    [/^POST .*uploadId=/, 'lost'],
    [/^HEAD/, 'cut'],
  ] as const)('a multipart upload that meets %s %s goes on, and the object is whole', async (pattern, fault) => {
    server.fail(pattern, fault);
    await storeOf().put('x', pieces(LARGE));
    expect(contentOf('x')?.equals(LARGE)).toBe(true);
  });

  it.each(['cut', 'hang'] as const)(
    'a multipart upload that fails for good by "%s" is aborted: no object, no parts that cost money',
    async (fault) => {
      server.fail(/partNumber=2/, fault, fault);
      const store = storeOf({ ...(fault === 'hang' ? { attempts: 1, timeoutMs: 1_000 } : { attempts: 2 }) });
      expect(await failure(store.put('x', pieces(LARGE)))).toMatchObject({ code: 'ERR_STORAGE_UNAVAILABLE' });
      expect([contentOf('x'), server.bucket.uploads.size]).toEqual([undefined, 0]);
    },
  );

  it('an upload whose source fails, or that is called off, is aborted, too', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield LARGE;
      throw await Promise.resolve(new Error('disk'));
    }
    expect(await failure(storeOf().put('x', failing()))).toMatchObject({ message: 'disk' });
    const controller = new AbortController();
    server.fail(/partNumber=2/, 'hang');
    const calledOff = storeOf().put('x', pieces(LARGE), {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('interrupted')),
    });
    expect(await failure(calledOff)).toMatchObject({ message: 'interrupted' });
    expect([contentOf('x'), server.bucket.uploads.size]).toEqual([undefined, 0]);
  });

  it.each([LARGE.length - 1, LARGE.length + 1])(
    'a file that changes while it is read is not stored (%i bytes)',
    async (sizeBytes) => {
      const large = failure(storeOf().put('x', pieces(LARGE), { sizeBytes }));
      expect(await large).toMatchObject({ code: 'ERR_STORAGE_CORRUPTED' });
      const small = failure(storeOf().put('x', pieces(LARGE.subarray(0, 10)), { sizeBytes }));
      expect(await small).toMatchObject({ code: 'ERR_STORAGE_CORRUPTED' });
      expect([contentOf('x'), server.bucket.uploads.size]).toEqual([undefined, 0]);
    },
  );

  it('a download that breaks goes on where it broke, and is whole', async () => {
    await storeOf().put('x', pieces(LARGE));
    server.fail(/^GET/, '503', 'cut', 'cut', '500', 'cut');
    const { body, bytes } = await storeOf().get('x');
    const got = await buffer(body);
    expect([bytes, got.equals(LARGE)]).toEqual([LARGE.length, true]);
    expect(linesOf(/^GET/).map((line) => line.split(' ')[2])).toEqual(['503', 'cut', 'cut', '500', 'cut', '206']);
  });

  it('a download whose object is replaced meanwhile fails: two halves make no backup', async () => {
    await storeOf().put('x', pieces(LARGE));
    server.fail(/^GET/, 'cut');
    const { body } = await storeOf({ retryDelayMs: 0 }).get('x');
    server.bucket.objects.set('x', { content: LARGE, etag: 'another' });
    expect(await failure(buffer(body))).toMatchObject({ code: 'ERR_STORAGE_REFUSED', status: 412 });
  });

  it('a storage that never answers costs what the options say, and no more attempts are made', async () => {
    server.fail(/./, 'hang', 'hang');
    const error = await failure(storeOf({ attempts: 2, timeoutMs: 50 }).head('x'));
    expect(error).toMatchObject({
      code: 'ERR_STORAGE_UNAVAILABLE',
      message: expect.stringContaining('timed out') as string,
    });
    await sleep(50);
    expect(server.requests).toHaveLength(2);
  });

  it('what is refused is not tried again, and the reason says what to do', async () => {
    const cases: [Partial<ObjectStoreOptions>, string, string][] = [
      [{ credentials: { ...KEYS, secretAccessKey: 'canary-wrong' } }, 'ERR_STORAGE_DENIED', 'secret key, the region'],
      [{ credentials: { ...KEYS, accessKeyId: 'AKIAOTHER' } }, 'ERR_STORAGE_DENIED', 'does not know this access key'],
      [{ region: 'us-east-1' }, 'ERR_STORAGE_DENIED', 'AuthorizationHeaderMalformed'],
      [{ bucket: 'other-bucket' }, 'ERR_STORAGE_NOT_FOUND', 'there is no such bucket'],
    ];
    for (const [options, code, words] of cases) {
      const error = await failure(storeOf(options).put('x', pieces(Buffer.from('x'))));
      expect(error).toMatchObject({ code, message: expect.stringContaining(words) as string });
    }
    expect(server.requests).toHaveLength(cases.length);
  });

  it('no error holds the keys or what was signed (S47)', async () => {
    const credentials = { accessKeyId: 'AKIACANARY', secretAccessKey: 'canary-secret', sessionToken: 'canary-token' };
    const errors = [
      await failure(storeOf({ credentials }).head('x')),
      await failure(storeOf({ credentials }).put('x', pieces(LARGE))),
      await failure(storeOf({ credentials, endpoint: 'http://127.0.0.1:1', attempts: 1 }).head('x')),
    ];
    for (const error of errors) {
      expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/canary|AKIACANARY|Signature=|StringToSign/);
    }
  });

  it.each([
    [{ bucket: undefined }, 'objectStore.bucket'],
    [{ bucket: 'a/../b' }, 'objectStore.bucket'],
    [{ endpoint: 'http://user:canary@127.0.0.1' }, 'objectStore.endpoint'],
    [{ credentials: { ...KEYS, secretAccessKey: '' } }, 'objectStore.credentials'],
    [{ partBytes: 1 }, 'objectStore.partBytes'],
  ])('options that cannot work are refused by name: %j', (options, option) => {
    expect(() => storeOf(options)).toThrow(expect.objectContaining({ name: 'ConfigError', option }) as Error);
  });

  it.each(['', '/a', 'a//b', '../a', 'a/./b', 'a/..', 'a\nb', 'x'.repeat(1025)])(
    'the key %j is refused',
    async (key) => {
      expect(await failure(storeOf().head(key))).toMatchObject({ code: 'ERR_STORAGE_REFUSED' });
      expect(server.requests).toEqual([]);
    },
  );
});
