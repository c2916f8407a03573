import { expect, it } from 'vitest';
import { createLogger } from 'express-runbook';

it('tells who listens each line as it is written, with its level, until it is ended', () => {
  const written: string[] = [];
  const logger = createLogger({ stdout: { write: (line) => written.push(line) } });
  const heard: [string, number][] = [];
  const stop = logger.tail((line, level) => heard.push([line, level]));
  logger.info({ password: 'hunter22' }, 'one');
  logger.child({ a: 1 }).error(new Error('two'));
  logger.access({ method: 'GET' }, 'three');
  logger.audit({}, 'four');
  logger.debug({}, 'not written');
  stop();
  logger.info({}, 'five');
  expect(heard.map(([line]) => line)).toEqual(written.slice(0, 4));
  expect(heard.map(([, level]) => level)).toEqual([30, 50, 30, 30]);
  expect(heard[0]?.[0]).toContain('"password":"[REDACTED]"');
});

it('gives JSON where standard output is for people', () => {
  const logger = createLogger({ format: 'pretty', stdout: { write: () => undefined } });
  const heard: unknown[] = [];
  logger.tail((line) => heard.push(JSON.parse(line)));
  logger.info({}, 'one');
  expect(heard).toMatchObject([{ msg: 'one' }]);
});

it('loses no line and no other listener by one that throws', async () => {
  const written: string[] = [];
  const logger = createLogger({ stdout: { write: (line) => written.push(line) } });
  const heard: string[] = [];
  const warned = new Promise((resolve) => process.once('warning', resolve));
  logger.tail(() => {
    throw new Error('the listener is broken');
  });
  logger.tail((line) => heard.push(line));
  logger.info({}, 'one');
  expect(written).toHaveLength(1);
  expect(heard).toEqual(written);
  expect(await warned).toMatchObject({ message: 'the listener is broken' });
});
