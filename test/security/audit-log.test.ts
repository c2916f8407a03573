import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  createAuditLog,
  createRedactor,
  extendContext,
  getContext,
  runWithContext,
  type AuditLogOptions,
  type AuditRecord,
} from 'express-runbook';
import { testOps } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';

const EVENT = { action: 'project.delete', target: { type: 'project', id: '9' } };
const AT = Date.UTC(2026, 10, 22);

function auditing(options: Partial<AuditLogOptions> = {}) {
  const records: AuditRecord[] = [];
  const lines: { fields: Record<string, unknown>; message: string }[] = [];
  const logger = recordingLogger();
  const registry = new Registry();
  const audit = createAuditLog({
    logger: {
      error: (fields, message) => logger.error(fields, message),
      audit: (fields, message) => void lines.push({ fields, message }),
    },
    store: { append: (record) => Promise.resolve(void records.push(record)) },
    context: getContext,
    registry,
    now: () => AT,
    ...options,
  });
  return { audit, records, lines, errors: logger.lines, registry };
}

describe('an audited action', () => {
  it('is recorded before it is done and after, with who it was by then (SEC-12)', async () => {
    const { audit, records, lines, registry } = auditing();
    await runWithContext({ requestId: 'r1', correlationId: 'c1' }, () =>
      audit.run(EVENT, () => {
        expect(records.map(({ phase }) => phase)).toEqual(['attempted']);
        extendContext({ userId: '7', clientId: 'acme' });
        return Promise.resolve();
      }),
    );
    expect(records).toMatchObject([
      { ...EVENT, phase: 'attempted', at: new Date(AT), requestId: 'r1', correlationId: 'c1', userId: undefined },
      { ...EVENT, phase: 'succeeded', userId: '7', clientId: 'acme' },
    ]);
    expect(records[0]?.eventId).toBe(records[1]?.eventId);
    expect(lines.map(({ message }) => message)).toEqual(['project.delete attempted', 'project.delete succeeded']);
    expect(lines[1]?.fields).toMatchObject({ ...EVENT, eventId: records[0]?.eventId, userId: '7', requestId: 'r1' });
    expect(await registry.metrics()).toContain('audit_events_total{phase="succeeded"} 1');
  });

  it('that fails is recorded with the kind of its error and not its words, which go on to the caller', async () => {
    const { audit, records } = auditing();
    const error = Object.assign(new TypeError('password hunter2'), { code: 'ERR_X' });
    await expect(audit.run(EVENT, () => Promise.reject(error))).rejects.toBe(error);
    expect(records.at(-1)).toMatchObject({ phase: 'failed', details: { error: 'TypeError', code: 'ERR_X' } });
    expect(JSON.stringify(records)).not.toContain('hunter2');
  });

  it('ends once, whatever is called afterwards', async () => {
    const { audit, records } = auditing();
    const action = await audit.begin(EVENT);
    await action.succeeded({ rows: 3 });
    await action.failed(new Error('late'));
    await action.succeeded();
    expect(records.map(({ phase, details }) => [phase, details])).toEqual([
      ['attempted', {}],
      ['succeeded', { rows: 3 }],
    ]);
  });

  it.each<[string, () => Promise<void>]>([
    ['rejects', () => Promise.reject(new Error('disk full'))],
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['never answers', () => new Promise(() => undefined)],
  ])('is refused with 503, and not done, when the store %s', async (_what, append) => {
    const { audit, lines, errors, registry } = auditing({ store: { append }, timeoutMs: 20 });
    let isDone = false;
    const work = () => Promise.resolve(void (isDone = true));
    await expect(audit.run(EVENT, work)).rejects.toMatchObject({
      statusCode: 503,
      code: 'ERR_AUDIT_UNAVAILABLE',
      headers: { 'Retry-After': '5' },
    });
    expect(isDone).toBe(false);
    expect(errors.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'Audit event could not be stored'],
    ]);
    expect(lines.map(({ message }) => message)).toEqual(['project.delete attempted', 'project.delete failed']);
    expect(await registry.metrics()).toContain('audit_failures_total{phase="attempted"} 1');
  });

  it('whose end cannot be stored has happened all the same: counted, logged, and in the channel', async () => {
    let calls = 0;
    const append = () => (++calls === 1 ? Promise.resolve() : Promise.reject(new Error('away')));
    const { audit, lines, errors, registry } = auditing({ store: { append } });
    await expect(audit.run(EVENT, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(errors.length).toBe(1);
    expect(lines.at(-1)?.message).toBe('project.delete succeeded');
    expect(await registry.metrics()).toContain('audit_failures_total{phase="succeeded"} 1');
  });

  it('hands no secret of its details to the store', async () => {
    const { audit, records } = auditing({ redactor: createRedactor() });
    await audit.begin({ ...EVENT, details: { password: 'hunter2', note: 'postgres://u:hunter2@h/d', name: 'bridge' } });
    expect(JSON.stringify(records)).not.toContain('hunter2');
    expect(records[0]?.details?.name).toBe('bridge');
  });

  it('stands in the audit channel of the real logger', async () => {
    const { ops, logs, close } = testOps({ service: 'orders' });
    const audit = createAuditLog({ logger: ops.logger, context: getContext });
    await runWithContext({ requestId: 'r1', userId: '7' }, () => audit.run(EVENT, () => Promise.resolve()));
    const lines = logs.lines.filter(({ channel }) => channel === 'audit');
    expect(lines).toMatchObject([
      { msg: 'project.delete attempted', action: 'project.delete', userId: '7' },
      { msg: 'project.delete succeeded', requestId: 'r1' },
    ]);
    await close();
  });
});
