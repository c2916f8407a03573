import { expect, it } from 'vitest';
import { inBatches } from 'express-runbook/services';

it('a long list is asked for in bounded parts, one after the other, in order (T-38)', async () => {
  const sizes: number[] = [];
  let underWay = 0;
  const results = await inBatches(
    Array.from({ length: 250 }, (_, index) => index),
    100,
    async (batch) => {
      expect(++underWay).toBe(1);
      sizes.push(batch.length);
      await new Promise(setImmediate);
      underWay--;
      return batch;
    },
  );
  expect(sizes).toEqual([100, 100, 50]);
  expect(results.flat()).toEqual(Array.from({ length: 250 }, (_, index) => index));
  expect(await inBatches([], 100, () => Promise.resolve(1))).toEqual([]);
  await expect(inBatches([1], 0, () => Promise.resolve(1))).rejects.toThrow(/inBatches.size must be/);
});
