import { createHmac, generateKeyPairSync } from 'node:crypto';

/** Credentials that are none: inputs 256 to 267 of the corpus. Expected: one text of ERR-15, the same body for all of them, and one line without the credential. */
export interface Credential {
  readonly id: number;
  readonly what: string;
  /** Lines of the request beside the usual ones, each character one byte; `token` and `key` are such that open the door. */
  readonly headers?: (token: string, key: string) => readonly string[];
  readonly query?: (token: string, key: string) => string;
  /** 401 unless it is said. */
  readonly status?: number;
}

/** What the server under test signs with. */
export const SECRET = 'c4n4ry-of-access-tokens-of-32-bytes';

const bearer = (id: number, what: string, credential: (token: string) => string, status?: number): Credential => ({
  id,
  what,
  headers: (token) => [`Authorization: ${credential(token)}`],
  ...(status === undefined ? {} : { status }),
});

const apiKey = (id: number, what: string, credential: (key: string) => string, status = 401): Credential => ({
  id,
  what,
  headers: (_token, key) => [`X-API-Key: ${credential(key)}`],
  status,
});

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
const claims = (): object => ({ use: 'access', sub: '1', exp: inSeconds(60) });

function signed(payload: object, key: string = SECRET, header: object = { alg: 'HS256' }): string {
  const content = `${encoded(header)}.${encoded(payload)}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

function publicKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .publicKey.export({ type: 'spki', format: 'pem' })
    .toString();
}

const forged = (what: string, token: () => string, status?: number): Credential =>
  bearer(266, what, () => `Bearer ${token()}`, status);

/** A letter of the token as another character that Unicode calls compatible with it. */
const twin = (token: string): string => Buffer.from(token.replace(/^e/, 'ｅ')).toString('latin1');

export const CREDENTIALS: readonly Credential[] = [
  { id: 256, what: 'none' },
  bearer(257, 'an empty one', () => ''),
  bearer(258, 'the scheme alone', () => 'Bearer'),
  bearer(259, 'the scheme in lower case and two blanks', () => 'bearer  x'),
  {
    id: 260,
    what: 'two of them, of which the second is good',
    headers: (token) => ['Authorization: Bearer x', `Authorization: Bearer ${token}`],
  },
  {
    id: 260,
    what: 'two of them, of which the first is good',
    headers: (token) => [`Authorization: Bearer ${token}`, 'Authorization: Bearer x'],
  },
  {
    id: 260,
    what: 'a token and a key, both good',
    headers: (token, key) => [`Authorization: Bearer ${token}`, `X-API-Key: ${key}`],
  },
  apiKey(261, 'a key and one character more', (key) => `${key}a`),
  apiKey(261, 'a key and a blank behind it, which is no part of it', (key) => `${key} `, 200),
  apiKey(262, 'a key as long, in characters of several bytes', (key) => '\u00e2\u0082\u00ac'.repeat(key.length / 3)),
  apiKey(264, 'a good key in a list', (key) => `${key}, ${key}`),
  apiKey(265, 'the twin of a key in Unicode', (key) => Buffer.from(key.replace(/^c/, 'ｃ')).toString('latin1')),
  apiKey(265, 'a key in capitals', (key) => key.toUpperCase()),
  bearer(261, 'more behind a blank', (token) => `Bearer ${token} x`),
  bearer(261, 'a line break behind it, which Node refuses', (token) => `Bearer ${token}\n`, 400),
  // RFC 9110 5.5: white space around a value is no part of it.
  bearer(261, 'a blank behind it, which is no part of it', (token) => `Bearer ${token} `, 200),
  bearer(
    262,
    'as long, in characters of several bytes',
    (token) => `Bearer ${'\u00e2\u0082\u00ac'.repeat(token.length / 3)}`,
  ),
  bearer(263, '1 MB, which Node refuses', () => `Bearer ${'a'.repeat(1e6)}`, 431),
  bearer(263, '14 kB', () => `Bearer ${'a'.repeat(14_000)}`),
  { id: 264, what: 'a list of keys', headers: () => ['X-API-Key: a, b'] },
  { id: 264, what: 'a key twice', headers: () => ['X-API-Key: a', 'X-API-Key: b'] },
  bearer(265, 'its twin in Unicode', (token) => `Bearer ${twin(token)}`),
  forged('a token that nobody signed', () => `${encoded({ alg: 'none' })}.${encoded(claims())}.`),
  forged('a token signed with a public key', () => signed(claims(), publicKey())),
  forged('a token whose key is a file', () => signed(claims(), '', { alg: 'HS256', kid: '../../dev/null' })),
  forged('a token that has expired', () => signed({ ...claims(), exp: inSeconds(-60) })),
  forged('a token that is not good yet', () => signed({ ...claims(), nbf: inSeconds(60) })),
  forged('a token of five parts', () => `${encoded({ alg: 'dir', enc: 'A256GCM' })}..aaaa.aaaa.aaaa`),
  forged('a token of 10 kB', () => signed({ ...claims(), sub: 'a'.repeat(7000), use: 'refresh' })),
  forged('a token of 200 kB, which Node refuses', () => signed({ ...claims(), more: 'a'.repeat(150_000) }), 431),
  { id: 267, what: 'a token in the query', query: (token) => `?token=${token}&access_token=${token}` },
  { id: 267, what: 'a key in the query', query: (_token, key) => `?api_key=${key}&x-api-key=${key}` },
];
