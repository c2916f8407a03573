import { Buffer } from 'node:buffer';

/**
 * Secrets in every place where one has been seen in a log, in every way in which it may be written there. Made without
 * looking at the rules of redaction: what it does not know, it cannot spare.
 */
export interface Placement {
  readonly where: string;
  /** Arguments of a log method, made anew for every call. */
  readonly args: () => unknown[];
  /** Of a child logger, when the secret stands there. */
  readonly bindings?: () => object;
  /** What must not be readable in the line, whichever way. */
  readonly needle: string;
}

const ENCODINGS: readonly (readonly [name: string, of: (text: string) => string])[] = [
  ['plain', (text) => text],
  ['JSON', (text) => JSON.stringify(text).slice(1, -1)],
  ['URI', (text) => encodeURIComponent(text)],
  ['base64', (text) => Buffer.from(text).toString('base64')],
];

interface Secret {
  readonly what: string;
  readonly text: string;
  readonly needle: string;
}

/** Told to the logger by their value; nothing else gives them away. */
export const REGISTERED: readonly Secret[] = [
  { what: 'registered', text: 'q7Fz0pLw2XnB', needle: 'q7Fz0pLw2XnB' },
  { what: 'registered, awkward', text: 'gr"ün/p\\w &+ 9%zz', needle: 'p\\w &+ 9%zz' },
  { what: 'registered, of openssl', text: 'k3Jx8+Vd/0aPqRtYuIoP1sDfGhJk5LzX==', needle: 'PqRtYuIoP1sDfGhJk5LzX' },
];

const LETTERS = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';

/** Known by what they look like. */
const SHAPED: readonly Secret[] = [
  { what: 'JWT', text: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.Zk9qWm1vN3Rr`, needle: 'Zk9qWm1vN3Rr' },
  { what: 'API key', text: 'ck_live_1234Hq8sLm2vTz', needle: 'Hq8sLm2vTz' },
  { what: 'access key of AWS', text: 'AKIAQ5ZJ7W2NXM4LRTVB', needle: 'Q5ZJ7W2NXM4LRTVB' },
  { what: 'token of GitHub', text: 'ghp_R2d2C3poBb8Luke4Leia5Han6Chewie7Ob', needle: 'Leia5Han6Chewie7Ob' },
  { what: 'Bearer', text: 'Bearer mF_9.B5f-4.1JqMx77', needle: 'B5f-4.1JqMx77' },
  { what: 'connection string', text: 'postgres://app:wX9.tKe4-Pw@db:5432/app', needle: 'wX9.tKe4-Pw' },
  {
    what: 'private key',
    text: `-----BEGIN PRIVATE KEY-----\n${LETTERS}\n-----END PRIVATE KEY-----`,
    needle: LETTERS,
  },
  { what: 'card number', text: '4539 5787 6362 1486', needle: '5787 6362 1486' },
  { what: 'card number, plain', text: '4539578763621486', needle: '4539578763621486' },
];

class Account {
  readonly note: string;
  constructor(note: string) {
    this.note = note;
  }
}

const failed = (fields: object, message = 'failed', cause?: unknown): Error =>
  Object.assign(new Error(message, cause === undefined ? undefined : { cause }), fields);

/** Places that say nothing about what stands there. */
const NEUTRAL: readonly (readonly [where: string, args: (text: string) => unknown[]])[] = [
  ['message', (text) => [`asked for ${text} twice`]],
  ['message only', (text) => [text]],
  ['message of a call in winston order', (text) => [`got ${text}`, { a: 1 }]],
  ['placeholder %s', (text) => ['got %s here', text]],
  ['placeholder %j', (text) => ['got %j here', { note: text }]],
  ['appended value', (text) => ['got', text]],
  ['field', (text) => [{ note: text }]],
  ['nested field', (text) => [{ a: { b: { c: { d: { note: text } } } } }, 'told']],
  ['key', (text) => [{ [text]: 1 }, 'told']],
  ['nested key', (text) => [{ a: { [`x ${text}`]: 1 } }, 'told']],
  ['array', (text) => [{ list: ['a', text, 'b'] }]],
  ['array in array', (text) => [{ list: [['a', [text]]] }]],
  ['Map value', (text) => [{ map: new Map([['a', text]]) }]],
  ['Map key', (text) => [{ map: new Map([[text, 1]]) }]],
  ['Set', (text) => [{ set: new Set([text]) }]],
  ['class instance', (text) => [{ account: new Account(text) }]],
  ['toJSON', (text) => [{ user: { toJSON: () => ({ note: text }) } }]],
  ['toJSON of a text', (text) => [{ user: { toJSON: () => `user ${text}` } }]],
  ['getter', (text) => [Object.defineProperty({}, 'note', { get: () => text, enumerable: true })]],
  ['frozen object', (text) => [Object.freeze({ a: Object.freeze({ note: text }) })]],
  ['object without prototype', (text) => [Object.assign(Object.create(null) as object, { note: text })]],
  ['circle', (text) => [((node: Record<string, unknown>) => Object.assign(node, { self: node }))({ note: text })]],
  ['boxed text', (text) => [{ note: Object(text) as unknown }]],
  ['symbol', (text) => [{ note: Symbol(text) }]],
  ['regular expression', (text) => [{ note: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) }]],
  ['response header', (text) => [{ headers: { 'x-note': text } }]],
  ['list of headers', (text) => [{ headers: ['X-Note', text] }]],
  ['query string', (text) => [{ url: `/items?page=2&note=${text}&sort=a` }]],
  ['query string in a message', (text) => [`GET /items?note=${text}&page=2 failed`]],
  ['path', (text) => [{ url: `/items/${text}/lines` }]],
  ['fragment', (text) => [{ url: `/items#note=${text}` }]],
  ['form', (text) => [{ body: `a=b&note=${text}&c=d` }]],
  ['JSON text', (text) => [{ body: JSON.stringify({ a: { note: text } }) }]],
  ['JSON text in a JSON text', (text) => [{ body: JSON.stringify({ a: JSON.stringify({ note: text }) }) }]],
  ['XML text', (text) => [{ body: `<a><note>${text}</note></a>` }]],
  ["error's message", (text) => [failed({}, `could not use ${text}`)]],
  ["error's stack", (text) => [failed({ stack: `Error: ${text}\n    at a (b.js:1:2)` })]],
  ["error's field", (text) => [failed({ note: text })]],
  ["error's cause", (text) => [failed({}, 'outer', failed({}, `inner ${text}`))]],
  ["cause of an error's cause", (text) => [failed({}, 'a', failed({}, 'b', failed({ note: text }, 'c')))]],
  ['cause that is no error', (text) => [failed({}, 'outer', { note: text })]],
  ['aggregated error', (text) => [new AggregateError([failed({}, text), failed({ note: text })], 'all failed')]],
  ['error beside fields', (text) => [{ err: failed({}, text), error: failed({}, text), a: 1 }, 'told']],
  ["parse error's body", (text) => [failed({ body: text, type: 'entity.parse.failed' })]],
  ['request of a client', (text) => [failed({ config: { data: text, url: `/a?note=${text}` } })]],
  ["Postgres' detail", (text) => [failed({ code: '23505', detail: `Key (note)=(${text}) already exists.` })]],
  ["Postgres' where", (text) => [failed({ code: '22P02', where: `unnamed portal parameter $1 = '${text}'` })]],
  ["query's parameters", (text) => [failed({ query: 'select $1', parameters: [text], params: [text] })]],
  ['long text', (text) => [{ body: `${'lorem ipsum '.repeat(300)} ${text} ${'dolor sit '.repeat(90)}` }]],
  ['text at the cut', (text) => [{ body: `${'x'.repeat(4_095 - 6)} ${text} ${'y'.repeat(900)}` }]],
  ['URL at its cut', (text) => [{ url: `/${'z'.repeat(500)}?note=${text}` }]],
];

/** An opaque value that only its name gives away. */
const OPAQUE = 'zT4kQv9LmWc';

const NAMED: readonly (readonly [where: string, args: (name: string, value: string) => unknown[]])[] = [
  ['field', (name, value) => [{ [name]: value }]],
  ['field in capitals', (name, value) => [{ [name.toUpperCase()]: value }]],
  ['nested field', (name, value) => [{ a: [{ b: { [name]: value } }] }]],
  ['object below the name', (name, value) => [{ [name]: { a: { b: value } } }]],
  ['list below the name', (name, value) => [{ [name]: [value] }]],
  ['Map', (name, value) => [{ map: new Map([[name, value]]) }]],
  ['entries', (name, value) => [{ entries: [[name, value]] }]],
  ['named value', (name, value) => [{ form: [{ name, value }] }]],
  ['toJSON', (name, value) => [{ user: { toJSON: () => ({ [name]: value }) } }]],
  ['header', (name, value) => [{ req: { headers: { [name]: value } } }]],
  ['query string', (name, value) => [{ url: `/x?a=b&${name}=${value}&c=d` }]],
  ['query string in a message', (name, value) => [`GET /x?${name}=${value} failed`]],
  ['form', (name, value) => [{ body: `${name}=${value}&a=b` }]],
  ['JSON text', (name, value) => [{ body: JSON.stringify({ [name]: value }) }]],
  ['JSON text in a JSON text', (name, value) => [{ body: JSON.stringify(JSON.stringify({ [name]: value })) }]],
  ['message', (name, value) => [`tried ${name}=${value}, failed`]],
  ['message, spoken', (name, value) => [`${name}: ${value}`]],
  ['XML text', (name, value) => [{ body: `<a><${name}>${value}</${name}></a>` }]],
  ['part of a form', (name, value) => [`Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n--x--`]],
  ['command line', (name, value) => [`ran tool --${name} ${value} --verbose`]],
  ['arguments', (name, value) => [{ argv: ['tool', `--${name}`, value] }]],
  ["error's field", (name, value) => [failed({ [name]: value })]],
  ["cause's message", (name, value) => [failed({}, 'outer', failed({}, `sent ${name}=${value}`))]],
  ['inspected object', (name, value) => [`got { ${name}: '${value}' }`]],
];

const NAMES = ['password', 'accessToken', 'client_secret', 'x-api-key'] as const;

export function corpus(): Placement[] {
  const neutral = [...REGISTERED, ...SHAPED].flatMap(({ what, text, needle }) =>
    ENCODINGS.flatMap(([encoding, of]) =>
      NEUTRAL.map(([where, args]) => ({
        where: `${what}, ${encoding}, ${where}`,
        args: () => args(of(text)),
        needle,
      })),
    ),
  );
  const bound = [...REGISTERED, ...SHAPED].map(({ what, text, needle }) => ({
    where: `${what}, bindings of a child`,
    args: () => ['told'],
    bindings: () => ({ note: text, list: [text] }),
    needle,
  }));
  const named = NAMES.flatMap((name) =>
    ENCODINGS.flatMap(([encoding, of]) =>
      NAMED.map(([where, args]) => ({
        where: `${name}, ${encoding}, ${where}`,
        args: () => args(name, of(OPAQUE)),
        needle: OPAQUE,
      })),
    ),
  );
  return [...neutral, ...bound, ...named];
}

/** Whether a reader who tries every decoding, several times over, comes upon the needle. */
export function isReadable(line: string, needle: string): boolean {
  let readings = [line];
  for (let turn = 0; turn < 3; turn++) {
    if (readings.some((reading) => reading.includes(needle))) return true;
    readings = [...new Set(readings.flatMap(decodings))].filter((reading) => reading.length >= needle.length);
  }
  return readings.some((reading) => reading.includes(needle));
}

function decodings(text: string): string[] {
  if (!/[\\%]|[A-Za-z0-9+/_-]{8}/.test(text)) return [];
  const unescaped = text.replace(/\\(?:u([0-9a-f]{4})|n|(.))/gi, (_all, code?: string, sign?: string) =>
    code === undefined ? (sign ?? '\n') : String.fromCharCode(parseInt(code, 16)),
  );
  const unquoted = text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString(),
  );
  const runs = text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? [];
  const ofBase64 = runs.flatMap((run) =>
    [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString('latin1')),
  );
  const utf8 = runs.map((run) => Buffer.from(run, 'base64').toString());
  return [unescaped, unquoted, ofBase64.join('\n'), utf8.join('\n')].filter((reading) => reading !== text);
}
