import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface BucketAnswer {
  readonly status: number;
  readonly headers?: Record<string, string | number>;
  readonly content?: Buffer | string;
}

interface BucketCall {
  readonly method: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Stored {
  readonly content: Buffer;
  readonly etag: string;
}

const MIN_PART_BYTES = 5 * 1024 * 1024;
const hex = (algorithm: string, data: Buffer): string => createHash(algorithm).update(data).digest('hex');
const error = (status: number, code: string): BucketAnswer => ({
  status,
  content: `<Error><Code>${code}</Code></Error>`,
});

/** What lies in a bucket, and how it answers. */
export class S3Bucket {
  readonly objects = new Map<string, Stored>();
  /** Multipart uploads that were neither completed nor aborted. */
  readonly uploads = new Map<string, { readonly key: string; readonly parts: Map<number, Buffer> }>();

  constructor(private readonly pageSize: number) {}

  answer(call: BucketCall): BucketAnswer {
    const { method, key, query, body, headers } = call;
    const md5 = headers['content-md5'];
    if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) return error(400, 'BadDigest');
    if (query.has('uploads') || query.has('uploadId')) return this.#multipart(call);
    if (key === '') return this.#list(query);
    if (method === 'PUT') return this.#store(key, body, hex('md5', body));
    const found = this.objects.get(key);
    if (method === 'DELETE') {
      this.objects.delete(key);
      return { status: 204 };
    }
    return found === undefined ? error(404, 'NoSuchKey') : read(found, headers);
  }

  #store(key: string, content: Buffer, etag: string): BucketAnswer {
    this.objects.set(key, { content, etag });
    return { status: 200, headers: { ETag: `"${etag}"` } };
  }

  #multipart({ method, key, query, body }: BucketCall): BucketAnswer {
    if (query.has('uploads')) {
      const id = randomUUID();
      this.uploads.set(id, { key, parts: new Map() });
      return {
        status: 200,
        content: `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      };
    }
    const id = query.get('uploadId') ?? '';
    const upload = this.uploads.get(id);
    if (upload?.key !== key) return error(404, 'NoSuchUpload');
    if (method === 'DELETE') {
      this.uploads.delete(id);
      return { status: 204 };
    }
    if (method === 'POST') return this.#complete(id, upload.parts, key, body.toString());
    upload.parts.set(Number(query.get('partNumber')), body);
    return { status: 200, headers: { ETag: `"${hex('md5', body)}"` } };
  }

  #complete(id: string, parts: Map<number, Buffer>, key: string, wanted: string): BucketAnswer {
    const listed = [...wanted.matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>&quot;([^&]*)&quot;<\/ETag>/g)].map(
      ([, number, etag]) => ({ part: parts.get(Number(number)), etag }),
    );
    if (listed.some(({ part, etag }) => part === undefined || hex('md5', part) !== etag))
      return error(400, 'InvalidPart');
    const bodies = listed.map(({ part }) => part!);
    if (bodies.slice(0, -1).some((part) => part.length < MIN_PART_BYTES)) return error(400, 'EntityTooSmall');
    this.uploads.delete(id);
    const etag = hex('md5', Buffer.concat(bodies.map((part) => createHash('md5').update(part).digest())));
    this.#store(key, Buffer.concat(bodies), `${etag}-${bodies.length}`);
    return { status: 200, content: `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>` };
  }

  #list(query: URLSearchParams): BucketAnswer {
    const prefix = query.get('prefix') ?? '';
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString();
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, this.pageSize);
    const isTruncated = page.length < keys.length;
    const contents = page.map((key) => {
      const { content, etag } = this.objects.get(key)!;
      const shown = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
      return `<Contents><Key>${shown}</Key><LastModified>2026-11-22T03:00:00.000Z</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${content.length}</Size></Contents>`;
    });
    const token = Buffer.from(page.at(-1) ?? '').toString('base64');
    const next = isTruncated ? `<NextContinuationToken>${token}</NextContinuationToken>` : '';
    return {
      status: 200,
      content: `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EncodingType>url</EncodingType><IsTruncated>${String(isTruncated)}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
    };
  }
}

function read({ content, etag }: Stored, headers: IncomingHttpHeaders): BucketAnswer {
  const quoted = `"${etag}"`;
  if (headers['if-match'] !== undefined && headers['if-match'] !== quoted) return error(412, 'PreconditionFailed');
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const part = content.subarray(from);
  const range: Record<string, string> =
    headers.range === undefined ? {} : { 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` };
  return {
    status: headers.range === undefined ? 200 : 206,
    headers: { ETag: quoted, 'Content-Length': part.length, ...range },
    content: part,
  };
}
