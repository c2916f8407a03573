import { EventEmitter } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { cpuMs } from './cpu-time.js';
import { recorded } from './recorded.js';

const thrower = (): never => {
  throw new Error('on purpose');
};

function circular(): object {
  const node: Record<string, unknown> = { password: 'hunter2' };
  node.self = node;
  return node;
}

function nested(depth: number): object {
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

// What a logger is handed in practice and in malice, each as the arguments of one call.
const HOSTILE: readonly (readonly [what: string, args: () => unknown[]])[] = [
  ['a frozen error', () => [Object.freeze(new Error('frozen'))]],
  ['a sealed error under err', () => [{ err: Object.seal(new Error('sealed')) }, 'told']],
  ['a getter that throws', () => [withAccessor({ a: 1 }, 'bad'), 'told']],
  ['a getter that throws, further down', () => [{ a: { b: withAccessor({}, 'bad') } }, 'told']],
  ['a toJSON that throws', () => [{ toJSON: thrower }, 'told']],
  ['a toJSON that throws, further down', () => [{ a: { toJSON: thrower } }, 'told']],
  ['a toJSON that is not among the keys', () => [withHiddenToJson(), 'told']],
  ['a toJSON that is not among the keys, further down', () => [{ a: withHiddenToJson() }, 'told']],
  ['a toJSON that gives itself back', () => [{ toJSON: (): unknown => circular() }, 'told']],
  ['a proxy whose keys cannot be asked', () => [new Proxy({}, { ownKeys: thrower, getPrototypeOf: thrower }), 'told']],
  ['a revoked proxy', () => [revoked(), 'told']],
  ['a revoked proxy, further down', () => [{ a: [revoked()] }, 'told']],
  ['a circle', () => [circular(), 'told']],
  ['a circular Map', () => [{ map: ((map) => map.set('self', map))(new Map<string, unknown>()) }, 'told']],
  ['a BigInt', () => [{ a: 10n }, 'told']],
  ['a BigInt alone', () => [10n]],
  ['symbols', () => [{ a: Symbol('a'), [Symbol('key')]: 1 }, 'told']],
  ['a symbol as message', () => [Symbol('message')]],
  [
    'values that JSON does not have',
    () => [{ a: thrower, b: undefined, c: NaN, d: -Infinity, e: new Date(NaN) }, 'told'],
  ],
  ['Map and Set', () => [{ map: new Map([['a', 1]]), set: new Set([1]) }, 'told']],
  ['a Buffer of 1 MB', () => [{ buffer: Buffer.alloc(1 << 20) }, 'told']],
  ['a string of 5 MB', () => [{ text: 'x'.repeat(5e6) }, 'told']],
  ['a message of 5 MB', () => ['x'.repeat(5e6)]],
  ['10,000 levels', () => [nested(10_000), 'told']],
  [
    '100,000 keys',
    () => [Object.fromEntries(Array.from({ length: 1e5 }, (_, index) => [`key${index}`, index])), 'told'],
  ],
  ['an array of 100,000', () => [{ list: Array.from({ length: 1e5 }, () => ({ a: [1, 2, 3] })) }, 'told']],
  ['a wide graph that shares its nodes', () => [shared(), 'told']],
  ['null', () => [null]],
  ['undefined', () => [undefined]],
  ['a number', () => [42]],
  ['an array', () => [[1, 2, 3], 'told']],
  ['an error that causes itself', () => [causedByItself()]],
  ['an error with an object as message', () => [Object.assign(new Error('x'), { message: { a: 1 } })]],
  ['an error whose message throws', () => [withAccessor(new Error('x'), 'message')]],
  ['an error whose stack throws', () => [withAccessor(new Error('x'), 'stack')]],
  [
    'keys of the prototype',
    () => [JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":3,"hasOwnProperty":4}')],
  ],
  ['a key of 1 MB', () => [{ ['k'.repeat(1 << 20)]: 1 }, 'told']],
  ['lone surrogates', () => [{ a: '\ud800', ['\udc00']: 1 }, '\ud83d']],
  ['characters that triple in JSON', () => ['\u0001\u202e'.repeat(4_000)]],
  ['%d with a BigInt and a symbol', () => ['%d %d %s', 1n, Symbol('a'), Symbol('b')]],
  ['%j of a circle', () => ['%j %o %O', circular(), circular(), circular()]],
  ['%o of a getter that throws', () => ['%o', withAccessor({}, 'bad')]],
  [
    'an error with sockets and agents',
    () => [Object.assign(new Error('x'), { request: http.get('http://127.0.0.1:1').on('error', () => undefined) })],
  ],
  ['an agent', () => [{ agent: new http.Agent({ keepAlive: true }) }, 'told']],
  ['the shape of a raw request', () => [{ method: 'GET', headers: { a: 1 }, socket: { b: 1 }, url: '/' }, 'told']],
  ['a raw response', () => [new http.ServerResponse(new http.IncomingMessage(null as never))]],
  [
    'an emitter with a password',
    () => [{ client: Object.assign(new EventEmitter(), { password: 'hunter2' }) }, 'told'],
  ],
  ['1,000 getters', () => [new Getters(), 'told']],
  ['an endless generator', () => [{ a: endless(), b: new WeakMap(), c: new SharedArrayBuffer(8) }, 'told']],
  ['a promise that rejects', () => [{ a: Promise.resolve(1) }, 'told']],
  ['functions', () => [thrower]],
  ['nothing at all', () => []],
];

/** 2^20 paths through 20 objects. */
function shared(): object {
  let node: object = { end: true };
  for (let level = 0; level < 20; level++) node = { left: node, right: node };
  return node;
}

describe('log.info() never throws and gives one valid line (S15)', () => {
  it.each(HOSTILE)('for %s', (_what, args) => {
    const { logger, text, lines } = recorded();
    const given = args();
    expect(cpuMs(() => Reflect.apply(logger.info, logger, given))).toBeLessThan(3_000);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]).toMatchObject({ level: 'info', severity: 'INFO', msg: expect.any(String) });
    if (given.at(-1) === 'told') expect(lines()[0]?.msg).toBe('told');
    expect(lines()[0]?.msg).not.toBe('A line could not be logged');
    expect(Buffer.byteLength(text())).toBeLessThanOrEqual(16 * 1024);
    expect(text()).not.toContain('hunter2');
  });

  it.each(HOSTILE)('as bindings of a child: %s', (_what, args) => {
    const { logger, lines } = recorded();
    const bindings = args()[0] as object;
    logger.child(typeof bindings === 'object' ? bindings : { bindings }).info('told');
    expect(lines()).toMatchObject([{ msg: 'told' }]);
  });

  it('says what it cut', () => {
    const { logger, lines } = recorded();
    logger.info({ text: 'x'.repeat(10_000), list: Array.from({ length: 500 }, () => 1), deep: nested(20) }, 'told');
    logger.info('\u202e'.repeat(9_000));
    expect(lines()[0]?.text).toMatch(/\.\.\.\[truncated, 10000 characters\]$/);
    expect(lines()[0]?.list[200]).toBe('[truncated, 300 more items]');
    expect(JSON.stringify(lines()[0]?.deep)).toContain('[too deep]');
    expect(lines()[1]?.truncated).toBe(true);
    logger.info({ loop: circular() }, 'told');
    expect(lines()[2]?.loop.self).toBe('[Circular]');
  });

  it('leaves what it is given as it was', () => {
    const { logger } = recorded();
    const given = { password: 'hunter2', list: [{ token: 'a' }], err: new Error('x') };
    const frozen = Object.freeze({ headers: Object.freeze({ authorization: 'Bearer abcdef' }) });
    logger.info(given, 'told');
    logger.info(frozen, 'told');
    expect(given).toEqual({ password: 'hunter2', list: [{ token: 'a' }], err: new Error('x') });
    expect(frozen.headers.authorization).toBe('Bearer abcdef');
  });

  it.each([
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
  ])('spends no time on a text made to be slow: %s', (_what, text) => {
    const { logger, lines } = recorded();
    expect(cpuMs(() => logger.info({ text, err: new Error(text) }, text))).toBeLessThan(1_000);
    expect(lines()).toHaveLength(1);
  });
});
