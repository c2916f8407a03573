import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { getContext, runWithContext } from 'express-runbook';
import { fileLines, keysAsWritten, newFolder, recorded } from './recorded.js';

const REQUEST = {
  ...{ requestId: 'r-1', correlationId: 'c-1', method: 'POST', url: '/clients/7/codebooks?q=1', statusCode: 201 },
  ...{ duration: 12, userId: 'u-1', clientId: 'acme', route: '/clients/:clientId/codebooks' },
};
const IDENTITY = { service: 'codebook-backend', version: '1.2.3', environment: 'production', includeHostname: false };

describe('lines in the schema nested', () => {
  it("have the codebook runbook's keys: four at the top, snake_case in the context (LOG-06, X-16, X-17)", () => {
    const { logger, lines, text } = recorded({ ...IDENTITY, schema: 'nested' });
    logger.access(REQUEST, 'Request completed');
    expect(keysAsWritten(text())).toEqual(['level', 'timestamp', 'message', 'context']);
    expect(lines()[0]).toMatchObject({ level: 'INFO', message: 'Request completed' });
    expect(lines()[0]?.context).toEqual({
      ...{ request_id: 'r-1', client_id: 'acme', correlation_id: 'c-1', user_id: 'u-1' },
      ...{ url: '/clients/7/codebooks?q=1', status_code: 201, latency_ms: 12 },
      endpoint: 'POST /clients/:clientId/codebooks',
      ...{ service: 'codebook-backend', version: '1.2.3', environment: 'production', pid: process.pid },
    });
  });

  it('have a request id and a tenant on every line, null where there is none (LOG-07)', () => {
    const { logger, lines } = recorded({ schema: 'nested', context: getContext });
    logger.info('started');
    runWithContext({ requestId: 'r-2', clientId: 'acme' }, () => logger.warn({ codebookId: 7 }, 'odd'));
    expect(lines()[0]).toMatchObject({
      level: 'INFO',
      message: 'started',
      context: { request_id: null, client_id: null },
    });
    expect(lines()[1]).toMatchObject({
      level: 'WARN',
      context: { request_id: 'r-2', client_id: 'acme', codebook_id: 7 },
    });
    expect(lines()[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('tell an unknown route by its path, without its query', () => {
    const { logger, lines } = recorded({ schema: 'nested' });
    logger.access({ ...REQUEST, route: undefined, url: '/nowhere?token=x' }, 'Request completed');
    expect(lines()[0]?.context).toMatchObject({ endpoint: 'POST /nowhere', url: '/nowhere?token=[REDACTED]' });
  });

  it('lose nothing that is said twice, and take the names of objects as names', () => {
    const { logger, lines } = recorded({ schema: 'nested' });
    logger.info({ requestId: 'ours', request_id: 'theirs', constructor: 1, latency_ms: 3 }, 'said');
    expect(lines()[0]?.context).toMatchObject({
      ...{ request_id: 'ours', request_id_: 'theirs', constructor: 1, latency_ms: 3 },
    });
  });

  it('keep what fits of a context that is too long for a line', () => {
    const { logger, lines, text } = recorded({ schema: 'nested' });
    const fields = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`field${index}`, '\u0001'.repeat(120)]),
    );
    logger.info({ requestId: 'r-1', ...fields }, 'long');
    expect(Buffer.byteLength(text())).toBeLessThanOrEqual(16 * 1024);
    expect(lines()[0]).toMatchObject({ message: 'long', truncated: true, context: { request_id: 'r-1' } });
  });
});

describe('lines in the schema winston', () => {
  it("have beo's shape: message, service and environment, fields flat (LOG-08, LOG-30, X-17)", () => {
    const { logger, lines } = recorded({ ...IDENTITY, service: 'beo-automation', schema: 'winston' });
    logger.access(REQUEST, 'Request completed');
    logger.error('ALERT: HighErrorRate', { severity: 'critical', message: 'too many', metadata: { rate: 6 } });
    expect(lines()).toMatchObject([
      {
        level: 'http',
        message: 'Request completed',
        service: 'beo-automation',
        environment: 'production',
        duration: 12,
      },
      // LOG-44: a field called message does not take the place of the message.
      { level: 'error', message: 'ALERT: HighErrorRate', severity: 'critical', message_: 'too many' },
    ]);
    expect(lines()[0]).not.toHaveProperty('msg');
    expect(lines()[0]).not.toHaveProperty('severity');
  });

  it('have the stack of an error once, at the top (LOG-08, LOG-63)', () => {
    const { logger, lines, text } = recorded({ schema: 'winston' });
    logger.error('Failed to process event', new TypeError('boom'));
    expect(lines()[0]).toMatchObject({
      message: 'Failed to process event',
      err: { type: 'TypeError', message: 'boom' },
    });
    // pino adds the error's own message when it finds none under its key.
    expect(lines()[0]).not.toHaveProperty('msg');
    expect(lines()[0]?.stack).toContain('schemas.test.ts');
    expect(text().match(/schemas\.test\.ts/g)?.length).toBe(lines()[0]?.stack.match(/schemas\.test\.ts/g).length);
  });
});

describe.each(['nested', 'winston'] as const)('the schema %s', (schema) => {
  it('is that of the files too, and for people the text that they know (LOG-09, LOG-10)', () => {
    const dir = newFolder();
    const { logger, text } = recorded({ schema, dir, format: 'pretty', appFile: 'combined.log' });
    logger.info({ requestId: 'r-1' }, 'told');
    expect(text()).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: told\n/);
    expect(text()).toContain('"r-1"');
    expect(fileLines(dir, 'combined.log')).toMatchObject([{ message: 'told' }]);
  });

  it('knows no secret, no forged field, no key twice and no hostile character (S16, S20)', () => {
    const { logger, text, lines } = recorded({ schema, service: 'orders' });
    const hostile = '\u0000\u001b[2J\u007f\u0085\u009b2J\u2028\u202e\r\n';
    const forged = { level: 60, timestamp: 'x', message: 'FORGED', service: 'x', context: 'x', password: 'hunter2' };
    logger.info({ ...forged, [hostile]: hostile }, hostile);
    expect(lines()).toHaveLength(1);
    expect(lines()[0]?.message).toBe(hostile);
    expect(String(lines()[0]?.level).toLowerCase()).toBe('info');
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(text().trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    expect(text()).not.toContain('hunter2');
    const keys = keysAsWritten(text());
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the name of the file of all lines', () => {
  it('is app.log or what it is called by, the other files keep theirs (LOG-70, X-21)', () => {
    const dir = newFolder();
    const { logger } = recorded({ dir, appFile: 'combined.log' });
    logger.error('failed');
    expect(fileLines(dir, 'combined.log')).toHaveLength(1);
    expect(fileLines(dir, 'error.log')).toHaveLength(1);
  });

  it('is answered for by app.log as well, before and after rotation and once the link was cleaned away (LOG-48, LOG-70, X-21)', () => {
    const dir = newFolder();
    const { logger } = recorded({ dir, appFile: 'combined.log' });
    logger.info('SIGTERM received, closing database connections');
    const told = { msg: 'SIGTERM received, closing database connections' };
    expect(fileLines(dir, 'app.log')).toMatchObject([told]);
    expect(lstatSync(join(dir, 'app.log')).isSymbolicLink()).toBe(true);
    renameSync(join(dir, 'combined.log'), join(dir, 'combined.log.1'));
    rmSync(join(dir, 'app.log'));
    logger.reopen();
    logger.info('after');
    expect(fileLines(dir, 'app.log')).toMatchObject([{ msg: 'after' }]);
    expect(fileLines(dir, 'combined.log.1')).toMatchObject([told]);
  });

  it('takes no app.log away that is there already', () => {
    const dir = newFolder();
    writeFileSync(join(dir, 'app.log'), '{"msg":"of last month"}\n');
    recorded({ dir, appFile: 'combined.log' }).logger.info('told');
    expect(fileLines(dir, 'app.log')).toEqual([{ msg: 'of last month' }]);
    expect(fileLines(dir, 'combined.log')).toHaveLength(1);
  });

  it.each(['../app.log', 'a/b.log', '.log', 'error.log', ''])('is a name and no path: %j is refused', (appFile) => {
    expect(() => recorded({ appFile })).toThrow(/createLogger\.appFile must be the name of a file/);
  });
});
