import { createHash, createHmac } from 'node:crypto';

export interface RawRequest {
  readonly method: string;
  /** As it came: path and query. */
  readonly target: string;
  /** Name, value, name, value … as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const MAX_SKEW_MS = 15 * 60_000;
const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

/** The signature that a request should have, from what came over the wire and what it says that it signed. */
export function expectedSignature({ method, target, rawHeaders, body }: RawRequest, secret: string): string {
  const headers = headerMap(rawHeaders);
  const { scope, signedNames } = authorizationOf(headers.get('authorization') ?? '');
  const [path = '', query = ''] = target.split('?');
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('='))
    .map(([name = '', value = '']) => `${strict(decodeURIComponent(name))}=${strict(decodeURIComponent(value))}`);
  const canonicalPath = path
    .split('/')
    .map((segment) => strict(decodeURIComponent(segment)))
    .join('/');
  const canonical =
    `${method}\n${canonicalPath}\n${pairs.sort().join('&')}\n` +
    signedNames.map((name) => `${name}:${(headers.get(name) ?? '').trim().replaceAll(/\s+/g, ' ')}\n`).join('') +
    `\n${signedNames.join(';')}\n${sha256(body)}`;
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const word of scope.split('/')) key = createHmac('sha256', key).update(word).digest();
  const toSign = `AWS4-HMAC-SHA256\n${headers.get('x-amz-date') ?? ''}\n${scope}\n${sha256(canonical)}`;
  return createHmac('sha256', key).update(toSign).digest('hex');
}

/** S3's word for what is wrong with a request, or nothing. */
export function signatureProblem(request: RawRequest, keys: Keys, region: string): string | undefined {
  const headers = headerMap(request.rawHeaders);
  const authorization = headers.get('authorization');
  if (authorization === undefined) return 'AccessDenied';
  const { accessKeyId, scope, signedNames, signature } = authorizationOf(authorization);
  if (accessKeyId !== keys.accessKeyId) return 'InvalidAccessKeyId';
  if (headers.get('x-amz-security-token') !== keys.sessionToken) return 'InvalidToken';
  const time = headers.get('x-amz-date') ?? '';
  if (scope !== `${time.slice(0, 8)}/${region}/s3/aws4_request`) return 'AuthorizationHeaderMalformed';
  const at = Date.parse(time.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(Date.now() - at) < MAX_SKEW_MS)) return 'RequestTimeTooSkewed';
  // What is not signed can be changed under way.
  const mustBeSigned = [...headers.keys()].filter((name) => name === 'host' || name.startsWith('x-amz-'));
  if (!mustBeSigned.every((name) => signedNames.includes(name))) return 'AccessDenied';
  if (headers.get('x-amz-content-sha256') !== sha256(request.body)) return 'XAmzContentSHA256Mismatch';
  return signature === expectedSignature(request, keys.secretAccessKey) ? undefined : 'SignatureDoesNotMatch';
}

function headerMap(raw: readonly string[]): Map<string, string> {
  const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? ''] as const] : []));
  return new Map(pairs);
}

function authorizationOf(text: string) {
  const [, credential = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(text) ?? [];
  const [accessKeyId, ...scope] = credential.split('/');
  return { accessKeyId, scope: scope.join('/'), signedNames: names.split(';'), signature };
}

/** RFC 3986: byte by byte. */
function strict(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
