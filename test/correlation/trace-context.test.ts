import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { correlationId, createHttpServer, getContext, outgoingHeaders, runWithContext } from 'express-runbook';
import { testApp, type TestOps } from 'express-runbook/testing';
import { listening } from '../support/raw-exchange.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const TRACE = '12345678901234567890123456789012';
const SPAN = '1234567890123456';
const SENT = `00-${TRACE}-${SPAN}-01`;
const VALID = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789_-*/';
const PRINTABLE = Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index)).join('');
const VALUE = PRINTABLE.replace(/[,=]/g, '');
const members = (count: number) => Array.from({ length: count }, (_, index) => `bar${index}=${index}`).join();

type Header = readonly [name: string, value: string];

let downstream: Server;
let downstreamUrl: string;
const arrived: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  downstream = createServer((req, res) => {
    arrived.push(req.headers);
    res.end();
  });
  downstreamUrl = `http://127.0.0.1:${await listening(downstream)}`;
});
afterAll(() => {
  downstream.closeAllConnections();
  downstream.close();
});

describe.each(EXPRESS_MAJORS)('a trace through a service on %s', (_label, create) => {
  let server: Server;
  let port: number;
  const registry = new Registry();

  beforeAll(async () => {
    const app = create();
    app.use(correlationId({ registry }));
    app.get('/', (req, res, next) => {
      const calls = Number(req.query.calls ?? 1);
      (async () => {
        for (let call = 0; call < calls; call++) await fetch(downstreamUrl, { headers: outgoingHeaders() });
        res.end();
      })().catch(next);
    });
    server = createHttpServer(app);
    port = await listening(server);
  });
  afterAll(() => server.close());

  /** The trace headers of the calls that the service made for a request with these headers, which may repeat. */
  async function passedOn(
    headers: readonly Header[],
    calls = 1,
  ): Promise<{ traceparent: string; tracestate?: string }[]> {
    arrived.length = 0;
    const raw = [['Host', 'x'], ['Connection', 'close'], ...headers].flat();
    const sent = httpRequest({ port, host: '127.0.0.1', path: `/?calls=${calls}`, headers: raw }).end();
    const [answer] = (await once(sent, 'response')) as [AsyncIterable<Buffer>];
    await buffer(answer);
    // Two of them would have been joined by a comma, which the pattern refuses.
    return arrived.map(({ traceparent, tracestate }) => {
      expect(traceparent).toMatch(VALID);
      return {
        traceparent: String(traceparent),
        ...(tracestate === undefined ? {} : { tracestate: String(tracestate) }),
      };
    });
  }

  it.each<[string, Header[]]>([
    ['as it is usual', [['traceparent', SENT]]],
    ['of a later version', [['traceparent', `cc-${TRACE}-${SPAN}-01`]]],
    ['of a later version with more fields', [['traceparent', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`]]],
    ['with a header name in another case', [['TrAcEpArEnT', SENT]]],
    ['with blanks around', [['traceparent', `\t ${SENT} \t`]]],
  ])('continues a traceparent %s, with a parent id of its own (COR-02, W3C)', async (_what, headers) => {
    const [call] = await passedOn(headers);
    expect(call?.traceparent).toContain(TRACE);
    expect(call?.traceparent).not.toContain(SPAN + '-');
  });

  it.each<[string, string]>([
    ['an all-zero trace id', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['an all-zero parent id', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['upper-case digits', `00-${'A'.repeat(32)}-${SPAN}-01`],
    ['upper-case digits in its parent id', `00-${TRACE}-${'B'.repeat(16)}-01`],
    ['something behind version 00', `${SENT}.`],
    ['a field behind version 00', `${SENT}-what-the-future-will-be-like`],
    ['a dash behind version 00', `${SENT}-`],
    ['a dot behind a later version', `cc-${TRACE}-${SPAN}-01.what-the-future-will-be-like`],
    ['a version that is no number', `.0-${TRACE}-${SPAN}-01`],
    ['a version too long', `000-${TRACE}-${SPAN}-01`],
    ['a version too short', `0-${TRACE}-${SPAN}-01`],
    ['a trace id that is no number', `00-.${TRACE.slice(1)}-${SPAN}-01`],
    ['a trace id too long', `00-${TRACE}3-${SPAN}-01`],
    ['a trace id too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a parent id that is no number', `00-${TRACE}-${SPAN.slice(1)}.-01`],
    ['a parent id too long', `00-${TRACE}-${SPAN}7-01`],
    ['a parent id too short', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['flags that are no number', `00-${TRACE}-${SPAN}-0.`],
    ['flags too long', `00-${TRACE}-${SPAN}-001`],
    ['flags too short', `00-${TRACE}-${SPAN}-1`],
    ['dashes in the wrong places', `00-${TRACE}${SPAN}--01-`],
    ['nothing in it', ''],
    ['8 000 characters', `00-${TRACE}-${SPAN}-01${'-x'.repeat(4000)}`],
  ])('starts a new trace for %s, drops the tracestate and counts it (S13, W3C)', async (_what, traceparent) => {
    const before = await counted(registry, 'traceparent');
    const [call] = await passedOn([
      ['traceparent', traceparent],
      ['tracestate', 'foo=1'],
    ]);
    expect(call?.traceparent).not.toContain(TRACE.slice(1));
    expect(call).not.toHaveProperty('tracestate');
    expect(await counted(registry, 'traceparent')).toBe(before + 1);
  });

  it('starts a new trace for two traceparents, and without one (W3C)', async () => {
    const [twice] = await passedOn([
      ['traceparent', SENT],
      ['traceparent', SENT],
    ]);
    expect(twice?.traceparent).not.toContain(TRACE);
    const [call, ...others] = await passedOn([['tracestate', 'foo=1']]);
    expect(call).not.toHaveProperty('tracestate');
    expect(others).toEqual([]);
  });

  it.each([
    ['00', '00'],
    ['01', '01'],
    ['02', '02'],
    ['03', '03'],
    ['ff', '03'],
    ['fc', '00'],
  ])('passes flags %s on as %s: sampled and random as they are, no other (W3C level 2)', async (sent, expected) => {
    const [call] = await passedOn([['traceparent', `00-${TRACE}-${SPAN}-${sent}`]]);
    expect(call?.traceparent.slice(-2)).toBe(expected);
  });

  it('marks a trace of its own as random and not sampled, each with an id of its own (W3C level 2)', async () => {
    const ids = new Set<string>();
    for (let turn = 0; turn < 20; turn++) {
      const [call] = await passedOn([]);
      expect(call?.traceparent.slice(-2)).toBe('02');
      ids.add(call?.traceparent.slice(3, 35) ?? '');
    }
    expect(ids.size).toBe(20);
  });

  it.each<[string, Header[]]>([
    ['with a traceparent', [['traceparent', SENT]]],
    ['without', []],
  ])('gives all calls of a request one trace and each a parent id, %s (W3C)', async (_what, headers) => {
    const calls = await passedOn(headers, 3);
    const ids = calls.map(({ traceparent }) => VALID.exec(traceparent) ?? []);
    expect(new Set(ids.map(([, trace]) => trace)).size).toBe(1);
    expect(new Set(ids.map(([, , parent]) => parent)).size).toBe(3);
  });

  it.each<[string, string[], string]>([
    ['of two members', ['foo=1,bar=2'], 'foo=1,bar=2'],
    [
      'in three headers, in their order',
      ['foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'],
      'foo=1,bar=2,rojo=1,congo=2,baz=3',
    ],
    ['with an empty header', ['', 'foo=1'], 'foo=1'],
    ['with empty members', ['foo=1,,bar=2,'], 'foo=1,bar=2'],
    ['with blanks around', [' foo=1 \t , \t bar=2,\t baz=3'], 'foo=1,bar=2,baz=3'],
    ['with leading blanks of a value, which belong to it', ['foo=  1'], 'foo=  1'],
    ['with every character that is allowed', [`${LOWER}@${LOWER}=${VALUE}`], `${LOWER}@${LOWER}=${VALUE}`],
    ['with a key of 256 characters', [`${'z'.repeat(256)}=1`], `${'z'.repeat(256)}=1`],
    ['with the same key twice', ['foo=1,foo=2'], 'foo=1,foo=2'],
    ['of 32 members', [members(32)], members(32)],
    [
      'of 512 characters',
      [`foo=${'x'.repeat(250)},bar=${'x'.repeat(253)}`],
      `foo=${'x'.repeat(250)},bar=${'x'.repeat(253)}`,
    ],
  ])('passes on a tracestate %s (W3C)', async (_what, sent, expected) => {
    const before = await counted(registry, 'tracestate');
    const [call] = await passedOn([['traceparent', SENT], ...sent.map((value): Header => ['tracestate', value])]);
    expect(call?.tracestate).toBe(expected);
    expect(await counted(registry, 'tracestate')).toBe(before);
  });

  it.each<[string, string]>([
    ['a blank in a key', 'foo =1'],
    ['upper case in a key', 'FOO=1'],
    ['a dot in a key', 'foo.bar=1'],
    ['a key that begins with @', '@foo=1,bar=2'],
    ['a key of 257 characters', `${'z'.repeat(257)}=1`],
    ['two equals signs', 'foo=bar=baz'],
    ['an empty value', 'foo=,bar=3'],
    ['a value of 257 characters', `foo=${'x'.repeat(257)}`],
    ['a byte that a terminal obeys', 'foo=\u009b2J'],
    ['33 members', members(33)],
    ['513 characters', `foo=${'x'.repeat(250)},bar=${'x'.repeat(254)}`],
    ['10 000 characters', `foo=${'x'.repeat(10_000)}`],
  ])('drops a tracestate with %s, keeps the trace and counts it (S13, W3C)', async (_what, tracestate) => {
    const before = await counted(registry, 'tracestate');
    const [call] = await passedOn([
      ['traceparent', SENT],
      ['tracestate', tracestate],
    ]);
    expect(call?.traceparent).toContain(TRACE);
    expect(call).not.toHaveProperty('tracestate');
    expect(await counted(registry, 'tracestate')).toBe(before + 1);
  });
});

async function counted(registry: Registry, header: string): Promise<number> {
  const found = await registry.getSingleMetric('correlation_ids_rejected_total')?.get();
  return found?.values.find(({ labels }) => labels.header === header)?.value ?? Number.NaN;
}

describe('the lines of a trace', () => {
  const opened: TestOps[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  function orders() {
    const kit = testApp((app, ops) => {
      app.get('/quiet', (_req, res) => {
        ops.logger.info('Before the call');
        res.json(getContext());
      });
      app.get('/calling', (_req, res) => {
        const headers = outgoingHeaders();
        ops.logger.info('After the call');
        res.json(headers);
      });
      app.get('/broken', () => {
        throw new Error('no disk');
      });
    });
    opened.push(kit);
    return kit;
  }

  it('have trace_id and span_id of a trace that the client is in: access, own and error lines (COR-07)', async () => {
    const { app, logs, settled } = orders();
    const { body } = await request(app).get('/quiet').set('traceparent', SENT);
    await request(app).get('/broken').set('traceparent', SENT).expect(500);
    await settled();
    const spanId = (body as { trace: { spanId: string } }).trace.spanId;
    expect(spanId).toMatch(/^[\da-f]{16}$/);
    expect(spanId).not.toBe(SPAN);
    for (const msg of ['Before the call', 'Request completed']) {
      expect(logs.find({ msg })).toMatchObject({ trace_id: TRACE, span_id: spanId });
    }
    expect(logs.find({ msg: 'Error occurred' })).toMatchObject({
      trace_id: TRACE,
      span_id: expect.stringMatching(/^[\da-f]{16}$/) as string,
    });
    expect(logs.find({ msg: 'Request completed' })).not.toHaveProperty('traceFlags');
  });

  it('have none while the request is in no trace, and the one that its first outgoing call starts', async () => {
    const { app, logs, settled } = orders();
    await request(app).get('/quiet').expect(200);
    await settled();
    expect(logs.text()).not.toContain('trace_id');
    const { body } = await request(app).get('/calling').expect(200);
    await settled();
    const [, traceId] = VALID.exec((body as { traceparent: string }).traceparent) ?? [];
    for (const msg of ['After the call', 'Request completed']) {
      expect(logs.filter({ msg }).at(-1)).toMatchObject({ trace_id: traceId });
    }
  });
});

describe('a trace elsewhere', () => {
  it('starts with the request on request: startTraces', async () => {
    const { default: express } = await import('express');
    const app = express();
    app.use(correlationId({ startTraces: true }));
    app.get('/', (_req, res) => {
      res.json([getContext()?.trace, outgoingHeaders().traceparent]);
    });
    const { body } = await request(app).get('/');
    const [trace, traceparent] = body as [{ traceId: string }, string];
    expect(trace.traceId).toMatch(/^[\da-f]{32}$/);
    expect(traceparent).toContain(trace.traceId);
    const { body: continued } = await request(app).get('/').set('traceparent', SENT);
    expect(continued).toMatchObject([{ traceId: TRACE, traceFlags: '01' }, expect.stringContaining(TRACE)]);
  });

  it('goes on in a job that is given the trace of its request', () => {
    const trace = { traceId: TRACE, spanId: SPAN, traceFlags: '01' };
    const headers = runWithContext({ correlationId: 'c-1', trace }, outgoingHeaders);
    expect(headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-(?!${SPAN})[\\da-f]{16}-01$`));
  });
});
