import { EventEmitter } from 'node:events';
import http from 'node:http';

/**
 * What a logger is handed in practice and in malice: inputs 131 to 166 of the corpus. Expected of each: `log.info()` does not
 * throw and writes one valid line, of 16 KiB at most, with no secret (`hunter2`) and nothing that a terminal obeys in it. A last
 * argument `told` is the message of that line.
 */

/** For what no number was given to. */
const BESIDE = 0;

const thrower = (): never => {
  throw new Error('on purpose');
};

export function circular(): object {
  const node: Record<string, unknown> = { password: 'hunter2' };
  node.self = node;
  return node;
}

export function nested(depth: number): object {
  let node: object = { end: true };
  for (let level = 0; level < depth; level++) node = { node };
  return node;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function causedByItself(): Error {
  const error = new Error('loop');
  error.cause = error;
  return error;
}

function withAccessor(target: object, name: string): object {
  return Object.defineProperty(target, name, { get: thrower, enumerable: true });
}

/** Its keys are harmless; what JSON would write of it is not. */
function withHiddenToJson(): object {
  return Object.defineProperty({ id: 7 }, 'toJSON', { value: () => ({ password: 'hunter2' }) });
}

class Getters {
  [name: string]: unknown;
  constructor() {
    for (let index = 0; index < 1_000; index++) withAccessor(this, `field${index}`);
  }
}

function* endless(): Generator<number> {
  for (;;) yield 1;
}

/** Each as the arguments of one call. */
export const LOG_OBJECTS: readonly (readonly [id: number, what: string, args: () => unknown[]])[] = [
  [131, 'a frozen error', () => [Object.freeze(new Error('frozen'))]],
  [132, 'a sealed error under err', () => [{ err: Object.seal(new Error('sealed')) }, 'told']],
  [133, 'a getter that throws', () => [withAccessor({ a: 1 }, 'bad'), 'told']],
  [134, 'a getter that throws, further down', () => [{ a: { b: withAccessor({}, 'bad') } }, 'told']],
  [135, 'a toJSON that throws', () => [{ toJSON: thrower }, 'told']],
  [135, 'a toJSON that throws, further down', () => [{ a: { toJSON: thrower } }, 'told']],
  [BESIDE, 'a toJSON that is not among the keys', () => [withHiddenToJson(), 'told']],
  [BESIDE, 'a toJSON that is not among the keys, further down', () => [{ a: withHiddenToJson() }, 'told']],
  [BESIDE, 'a toJSON that gives itself back', () => [{ toJSON: (): unknown => circular() }, 'told']],
  [
    136,
    'a proxy whose keys cannot be asked',
    () => [new Proxy({}, { ownKeys: thrower, getPrototypeOf: thrower }), 'told'],
  ],
  [136, 'a revoked proxy', () => [revoked(), 'told']],
  [136, 'a revoked proxy, further down', () => [{ a: [revoked()] }, 'told']],
  [138, 'a circle', () => [circular(), 'told']],
  [137, 'a circular Map', () => [{ map: ((map) => map.set('self', map))(new Map<string, unknown>()) }, 'told']],
  [139, 'a BigInt', () => [{ a: 10n }, 'told']],
  [139, 'a BigInt alone', () => [10n]],
  [140, 'symbols', () => [{ a: Symbol('a'), [Symbol('key')]: 1 }, 'told']],
  [141, 'a symbol as message', () => [Symbol('message')]],
  [
    142,
    'values that JSON does not have',
    () => [{ a: thrower, b: undefined, c: NaN, d: -Infinity, e: new Date(NaN) }, 'told'],
  ],
  [143, 'Map and Set', () => [{ map: new Map([['a', 1]]), set: new Set([1]) }, 'told']],
  [144, 'a Buffer of 1 MB', () => [{ buffer: Buffer.alloc(1 << 20) }, 'told']],
  [145, 'a string of 5 MB', () => [{ text: 'x'.repeat(5e6) }, 'told']],
  [145, 'a message of 5 MB', () => ['x'.repeat(5e6)]],
  [146, '10,000 levels', () => [nested(10_000), 'told']],
  [
    147,
    '100,000 keys',
    () => [Object.fromEntries(Array.from({ length: 1e5 }, (_, index) => [`key${index}`, index])), 'told'],
  ],
  [BESIDE, 'an array of 100,000', () => [{ list: Array.from({ length: 1e5 }, () => ({ a: [1, 2, 3] })) }, 'told']],
  [BESIDE, 'a wide graph that shares its nodes', () => [shared(), 'told']],
  [148, 'null', () => [null]],
  [148, 'undefined', () => [undefined]],
  [148, 'a number', () => [42]],
  [BESIDE, 'an array', () => [[1, 2, 3], 'told']],
  [149, 'an error that causes itself', () => [causedByItself()]],
  [152, 'an error with an object as message', () => [Object.assign(new Error('x'), { message: { a: 1 } })]],
  [152, 'an error whose message throws', () => [withAccessor(new Error('x'), 'message')]],
  [152, 'an error whose stack throws', () => [withAccessor(new Error('x'), 'stack')]],
  [
    154,
    'keys of the prototype',
    () => [JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":3,"hasOwnProperty":4}')],
  ],
  [BESIDE, 'a key of 1 MB', () => [{ ['k'.repeat(1 << 20)]: 1 }, 'told']],
  [157, 'lone surrogates', () => [{ a: '\ud800', ['\udc00']: 1 }, '\ud83d']],
  [156, 'characters that triple in JSON', () => ['\u0001\u202e'.repeat(4_000)]],
  [159, '%d with a BigInt and a symbol', () => ['%d %d %s', 1n, Symbol('a'), Symbol('b')]],
  [159, '%j of a circle', () => ['%j %o %O', circular(), circular(), circular()]],
  [BESIDE, '%o of a getter that throws', () => ['%o', withAccessor({}, 'bad')]],
  [
    162,
    'an error with sockets and agents',
    () => [Object.assign(new Error('x'), { request: http.get('http://127.0.0.1:1').on('error', () => undefined) })],
  ],
  [BESIDE, 'an agent', () => [{ agent: new http.Agent({ keepAlive: true }) }, 'told']],
  [164, 'the shape of a raw request', () => [{ method: 'GET', headers: { a: 1 }, socket: { b: 1 }, url: '/' }, 'told']],
  [164, 'a raw response', () => [new http.ServerResponse(new http.IncomingMessage(null as never))]],
  [
    BESIDE,
    'an emitter with a password',
    () => [{ client: Object.assign(new EventEmitter(), { password: 'hunter2' }) }, 'told'],
  ],
  [165, '1,000 getters', () => [new Getters(), 'told']],
  [166, 'an endless generator', () => [{ a: endless(), b: new WeakMap(), c: new SharedArrayBuffer(8) }, 'told']],
  [BESIDE, 'a promise that rejects', () => [{ a: Promise.resolve(1) }, 'told']],
  [142, 'functions', () => [thrower]],
  [BESIDE, 'nothing at all', () => []],
  [148, 'a text', () => ['thrown']],
  [150, '5,000 causes', () => [causes(5_000)]],
  [151, 'an AggregateError of 10,000', () => [new AggregateError(Array.from({ length: 1e4 }, () => new Error('one')))]],
  [153, 'fields with the names of our own', () => [{ level: 60, time: 0, msg: 'x', pid: 1, timestamp: 2 }, 'told']],
  [155, 'keys with a line break, a quote and a C1 control', () => [{ 'a\nb': 1, 'a"b': 2, 'a\u009bb': 3 }, 'told']],
  [156, 'a message that a terminal obeys', () => [`a\r\nb\u001b[2J\u007f\u009b2J\u2028\u202e`]],
  [158, 'a key with a line break, as the only binding', () => [{ 'a\n{"level":"fatal"}': 1 }, 'told']],
  [160, 'a secret under other names and further down', () => [hidden(), 'told']],
  [160, 'a secret in texts', () => [{ json: '{"password":"hunter2"}', url: '/?password=hunter2' }, 'password=hunter2']],
  [160, 'a secret in a connection string', () => [new Error('no answer from postgres://u:hunter2@h/d')]],
  [160, 'a secret in what errors carry', () => [carrying(), 'told']],
  [163, 'the detail of an error of Postgres', () => [uniqueViolation(), 'told']],
];

/** Input 161: texts that make patterns slow, each a matter of milliseconds. */
export const SLOW_TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['Bearer', `Bearer ${'a'.repeat(1e6)}`],
  ['JWT', 'eyJ'.repeat(1e5)],
  ['Basic', `Basic ${'a'.repeat(1e6)}`],
  ['pairs', 'a=b&'.repeat(1e5)],
  ['names', 'a'.repeat(1e6)],
  ['a name that never ends', `${'a-'.repeat(1e5)}=`],
  ['brackets', 'a['.repeat(1e5)],
  ['quotes', '"password":"\\"'.repeat(1e5)],
  ['backslashes', `"password":"${'\\'.repeat(1e5)}`],
  ['escaped quotes', `password=${'\\"'.repeat(1e5)}`],
  ['URLs', 'x://'.repeat(1e5)],
  ['user info', `postgres://${'a:'.repeat(1e5)}`],
  ['web user info', `https://${'a:'.repeat(1e5)}`],
  ['web user info, many', 'https://a:b#'.repeat(1e5)],
  ['ports', 'https://a:1,'.repeat(1e5)],
  ['hosts', `mongodb://a:1${',a:1'.repeat(1e5)}`],
  ['encoded parameters', '/?q=%7B%22token%22%3A'.repeat(1e5)],
  ['encoded many times', `/?a=${'%25'.repeat(1e5)}3D`],
  ['parameters', '?token=,'.repeat(1e5)],
  ['quoted parameters', '?token="'.repeat(1e5)],
  ['slashes', '/%'.repeat(1e5)],
  ['headers', 'cookie: '.repeat(1e5)],
  ['private keys', '-----BEGIN PRIVATE KEY-----'.repeat(1e4)],
  ['parse errors', '"'.repeat(1e5) + ' is not valid JSON'],
];

/** 2^20 paths through 20 objects. */
function shared(): object {
  let node: object = { end: true };
  for (let level = 0; level < 20; level++) node = { left: node, right: node };
  return node;
}

function causes(count: number): Error {
  let error = new Error('first');
  for (let index = 1; index < count; index++) error = new Error(`after ${index}`, { cause: error });
  return error;
}

function hidden(): object {
  return {
    ...{
      Password: 'hunter2',
      'user.password': 'hunter2',
      a: { b: { password: 'hunter2' } },
      list: [{ password: 'hunter2' }],
    },
    ...{
      cookie: ['session=hunter2'],
      'set-cookie': 'session=hunter2',
      rawHeaders: ['Authorization', 'Bearer hunter2'],
    },
    toJSON: () => ({ password: 'hunter2' }),
  };
}

function carrying(): Error {
  const config = { headers: { Authorization: 'Bearer hunter2' } };
  return Object.assign(new Error('failed'), { config, body: '{"password":"hunter2"' });
}

function uniqueViolation(): Error {
  const detail = 'Key (email)=(hunter2@example.com) already exists.';
  return Object.assign(new Error('duplicate key value'), { code: '23505', detail });
}
