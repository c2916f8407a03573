import type { RequestListener } from 'node:http';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { conformance, CONFORMANCE_CHECKS, testOps, type ConformanceOptions } from 'express-runbook/testing';
import { BROKEN, routes, wired } from './conformance-apps.js';
import { failuresOf } from './conformance-failures.js';

const silent: RequestListener = () => undefined;

describe('conformance()', () => {
  it('finds nothing in an app that is wired by createOps', async () => {
    expect(await failuresOf(wired())).toEqual([]);
  });

  it('finds in a bare app what it lacks', async () => {
    const failures = await failuresOf(routes, { timeoutMs: 500 });
    expect(failures.map((one) => one.split('.', 1)[0])).toEqual(
      expect.arrayContaining(['ids', 'probes', 'metrics', 'errors']),
    );
    expect(failures).toContain('ids.generated: X-Request-ID is missing, not a UUID');
    expect(failures).toContain('probes.liveness: /health/live is answered 404');
    expect(failures).toContain('limits.told: GET /hello/ann has no RateLimit header');
  });

  // The others are in conformance.long.test.ts.
  it.each(BROKEN.slice(0, 1))('fails for the right reason: $what', async ({ build, failures }) => {
    const found = await failuresOf(build, { skip: ['limits.body'] });
    expect(found).toEqual(failures.map((pattern) => expect.stringMatching(pattern)));
  });

  it('says of every check whether it was made, and why not', async () => {
    const kit = testOps();
    const app = express();
    wired()(app, kit.ops);
    const { findings, passed } = await conformance({ app, skip: ['limits', 'probes.unlimited'] });
    const ids = CONFORMANCE_CHECKS.map(({ id }) => id).filter((id) => !/^limits|unlimited/.test(id));
    expect(findings.map(({ id }) => id)).toEqual(ids);
    const skipped = findings.filter(({ status }) => status === 'skip').map(({ id }) => id);
    expect(skipped).toEqual(['errors.internal', ...ids.filter((id) => id.startsWith('shutdown.'))]);
    expect(passed).toBe(true);
    const { findings: few } = await conformance({ app, only: ['ids.unique', 'errors'], skip: ['errors.internal'] });
    const wanted = ['ids.unique', 'errors.not-found', 'errors.malformed-url', 'errors.malformed-body'];
    expect(few.map(({ id }) => id)).toEqual(wanted);
    await kit.close();
  });

  it('says that the limit is used up instead of calling everything broken', async () => {
    const failures = await failuresOf(wired(), { only: ['ids.unique'] }, { env: { RATE_LIMIT_MAX: '1' } });
    const usedUp = /^ids\.unique: this address has used up its limit: try again in \d+ s$/;
    expect(failures).toEqual([expect.stringMatching(usedUp)]);
  });

  it('fails, and does not hang, when nobody answers', async () => {
    const { failures, passed } = await conformance({ app: silent, timeoutMs: 50, only: ['ids.generated'] });
    expect(failures).toEqual(['ids.generated: GET /: no answer within 50 ms']);
    expect(passed).toBe(false);
  });

  it.each([
    [{}, 'ERR_OPTION_CONFLICT'],
    [{ url: 'http://127.0.0.1:1', app: silent }, 'ERR_OPTION_CONFLICT'],
    [{ app: silent, pid: 1 }, 'ERR_OPTION_CONFLICT'],
    [{ url: 'http://127.0.0.1:1', pid: 1, command: ['node'] }, 'ERR_OPTION_CONFLICT'],
    [{ url: 'localhost:3000' }, 'ERR_OPTION_INVALID'],
    [{ url: 'http://127.0.0.1:1', only: ['idz'] }, 'ERR_OPTION_INVALID'],
    [{ url: 'http://127.0.0.1:1', command: [] }, 'ERR_OPTION_INVALID'],
    [{ url: 'http://127.0.0.1:1', pathh: '/' }, 'ERR_OPTION_UNKNOWN'],
  ])('refuses %j with %s', async (options, code) => {
    await expect(conformance(options as ConformanceOptions)).rejects.toMatchObject({ code });
  });
});
