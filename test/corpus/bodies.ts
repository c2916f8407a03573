import { gzipSync } from 'node:zlib';

/**
 * Bodies that no form of ours sends: inputs 93 to 130 of the corpus, posted as JSON unless `headers` say otherwise. The route asks
 * for a `name` of 1 to 200 characters, takes an `id` that is text, and keeps all of it in Postgres.
 */
export interface HostileBody {
  readonly id: number;
  readonly what: string;
  /** Each character one byte. */
  readonly body: string;
  readonly headers?: readonly string[];
  /** What is answered; one of these where versions differ. */
  readonly status: number | readonly number[];
  /** What the route took the name for, where it took it. */
  readonly name?: string;
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
const bytes = (buffer: Buffer): string => buffer.toString('latin1');
const many = (count: number): string => Array.from({ length: count }, (_, index) => `"k${index}":1`).join();
const typed = (type: string): string[] => [`Content-Type: ${type}`];
const encoded = (coding: string): string[] => ['Content-Type: application/json', `Content-Encoding: ${coding}`];

/** Every real route has a field that must be there, so a body without any is refused as one without that field. */
export const BODIES: readonly HostileBody[] = [
  { id: 93, what: 'cut off', body: '{"password":"hunter2', status: 400 },
  { id: 94, what: 'a comma too many', body: '{"name":"hunter2",}', status: 400 },
  { id: 95, what: 'single quotes', body: "{'name':'hunter2'}", status: 400 },
  { id: 96, what: 'NaN', body: '{"name":"hunter2","a":NaN}', status: 400 },
  { id: 96, what: 'Infinity', body: '{"name":"hunter2","a":Infinity}', status: 400 },
  { id: 97, what: 'a comment', body: '{"name":"hunter2" /* */}', status: 400 },
  {
    id: 98,
    what: 'a byte order mark, which RFC 8259 8.1 lets a reader ignore',
    body: utf8('\ufeff{"name":"a"}'),
    status: 200,
    name: 'a',
  },
  { id: 98, what: 'two byte order marks', body: utf8('\ufeff\ufeff{"name":"hunter2"}'), status: 400 },
  { id: 99, what: 'two documents', body: '{"name":"hunter2"}{}', status: 400 },
  { id: 100, what: 'a NUL inside of a text', body: '{"name":"hunter2\0"}', status: 400 },
  { id: 100, what: 'an escaped NUL, which Postgres does not keep', body: '{"name":"hunter2\\u0000"}', status: 400 },
  { id: 101, what: 'UTF-16 that does not say so', body: bytes(Buffer.from('{"name":"a"}', 'utf16le')), status: 400 },
  { id: 102, what: 'bytes that are no UTF-8', body: '{"name":"hunter2\u00ff\u00fe"}', status: 400 },
  { id: 103, what: 'only spaces', body: '   ', status: 400 },
  { id: 104, what: 'nothing', body: '', status: 400 },
  { id: 105, what: 'a text alone', body: '"hunter2"', status: 400 },
  { id: 105, what: 'a number alone', body: '42', status: 400 },
  { id: 105, what: 'null', body: 'null', status: 400 },
  { id: 106, what: '20,000 levels of lists', body: `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, status: 400 },
  {
    id: 106,
    what: '4,000 levels beside the name',
    body: `{"name":"a","x":${'['.repeat(4000)}${']'.repeat(4000)}}`,
    status: 200,
    name: 'a',
  },
  { id: 106, what: '10,000 levels of objects', body: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, status: 400 },
  { id: 107, what: '9,000 lists that nobody closes', body: '['.repeat(9000), status: 400 },
  { id: 108, what: 'a prototype', body: '{"name":"a","__proto__":{"isAdmin":true}}', status: 200, name: 'a' },
  {
    id: 109,
    what: 'a constructor',
    body: '{"name":"a","constructor":{"prototype":{"isAdmin":true}}}',
    status: 200,
    name: 'a',
  },
  { id: 110, what: '5,000 keys', body: `{"name":"a",${many(5000)}}`, status: 200, name: 'a' },
  { id: 110, what: '50,000 keys', body: `{"name":"a",${many(50_000)}}`, status: 413 },
  { id: 111, what: 'a key twice', body: '{"name":1,"name":"last"}', status: 200, name: 'last' },
  { id: 111, what: 'a key twice, the wrong one last', body: '{"name":"first","name":1}', status: 400 },
  { id: 112, what: 'a number beyond all numbers', body: '{"name":"a","id":1e9999}', status: 400 },
  { id: 113, what: 'a number of 5,000 digits', body: `{"name":"a","id":${'9'.repeat(5000)}}`, status: 400 },
  { id: 114, what: 'a zero below zero', body: '{"name":"a","id":-0}', status: 400 },
  { id: 115, what: 'a number that no double holds', body: '{"name":"a","id":9007199254740993}', status: 400 },
  {
    id: 115,
    what: 'the same as text, which keeps it',
    body: '{"name":"a","id":"9007199254740993"}',
    status: 200,
    name: 'a',
  },
  { id: 116, what: '100 kB and a byte', body: `{"name":"${'a'.repeat(100 * 1024 - 10)}"}`, status: 413 },
  {
    id: 117,
    what: '20 MB in 20 kB',
    body: bytes(gzipSync(`{"name":"${'a'.repeat(20e6)}"}`)),
    headers: encoded('gzip'),
    status: 413,
  },
  { id: 118, what: 'gzip that is none', body: '{"name":"hunter2"}', headers: encoded('gzip'), status: 400 },
  {
    id: 118,
    what: 'gzip that ends too soon',
    body: bytes(gzipSync('{"name":"hunter2"}').subarray(0, 20)),
    headers: encoded('gzip'),
    status: 400,
  },
  { id: 119, what: 'rot13', body: '{"name":"hunter2"}', headers: encoded('rot13'), status: 415 },
  { id: 119, what: 'gzip in gzip', body: bytes(gzipSync(gzipSync('{}'))), headers: encoded('gzip, gzip'), status: 415 },
  {
    id: 120,
    what: 'a charset of its own',
    body: '{"name":"hunter2"}',
    headers: typed('application/json; charset=iso-8859-7'),
    status: 415,
  },
  { id: 121, what: 'plain text', body: '{"name":"hunter2"}', headers: typed('text/plain'), status: [400, 415] },
  {
    id: 121,
    what: 'XML with a document type',
    body: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    headers: typed('application/xml'),
    status: [400, 415],
  },
  {
    id: 121,
    what: 'a form',
    body: 'name=hunter2',
    headers: typed('application/x-www-form-urlencoded'),
    status: [400, 415],
  },
  { id: 121, what: 'a type that is none', body: '{"name":"hunter2"}', headers: typed('a/b/c;;;='), status: [400, 415] },
  { id: 123, what: 'a number for a text', body: '{"name":1}', status: 400 },
  { id: 124, what: 'null for a text', body: '{"name":null}', status: 400 },
  { id: 125, what: 'an operator for a text', body: '{"name":{"$gt":""}}', status: 400 },
  { id: 126, what: 'a list of a text', body: '{"name":["x"]}', status: 400 },
  { id: 127, what: 'an empty object', body: '{"name":{}}', status: 400 },
  { id: 128, what: 'an empty list', body: '{"name":[]}', status: 400 },
  {
    id: 129,
    what: 'a text longer than the field, within the limit of the body',
    body: `{"name":"${'a'.repeat(50_000)}"}`,
    status: 400,
  },
  // The paper has 400 or 422: a body above the limit is refused before it is read (ERR-17).
  { id: 129, what: 'a text of 1 MB', body: `{"name":"${'a'.repeat(1e6)}"}`, status: 413 },
  { id: 130, what: 'half of a character, which Postgres does not keep', body: '{"name":"\\ud800"}', status: 400 },
];

/** An upload without end and without a length: input 122. Cut soon after the limit. */
export const ENDLESS = {
  id: 122,
  headers: ['Content-Type: application/json', 'Transfer-Encoding: chunked'],
  chunk: `1000\r\n${' '.repeat(4096)}\r\n`,
};
