import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { observeLogger } from 'express-runbook';
import { recorded } from './recorded.js';

describe('observeLogger', () => {
  it('shows how much is said, by level, request and audit lines included (LOG-82)', async () => {
    const registry = new Registry();
    const first = recorded({ level: 'info' }).logger;
    const second = recorded({ level: 'info' }).logger;
    for (const logger of [first, second]) observeLogger({ logger, registry });
    first.error('failed');
    first.debug('not written');
    first.access({}, 'Request completed');
    second.audit('Key rotated');
    second.child({ module: 'orders' }).warn('odd');
    const text = await registry.metrics();
    for (const line of ['{level="error"} 1', '{level="info"} 2', '{level="warn"} 1', '{level="debug"} 0']) {
      expect(text).toContain(`log_lines_total${line}`);
    }
    expect(await registry.metrics()).toBe(text);
  });

  it('shows the lines that were lost, zero while there is none (S18)', async () => {
    const registry = new Registry();
    const { logger } = recorded();
    observeLogger({ logger, registry });
    expect(await registry.metrics()).toMatch(/^log_lines_dropped_total 0$/m);
    await logger.close();
    logger.info('late');
  });

  it('names what is missing', () => {
    // @ts-expect-error the mistake under test
    expect(() => observeLogger({ logger: recorded().logger })).toThrow(/observeLogger\.registry is required/);
    // @ts-expect-error the mistake under test
    expect(() => observeLogger({ registry: new Registry(), logger: console })).toThrow(
      /must have the methods droppedLines/,
    );
  });
});
