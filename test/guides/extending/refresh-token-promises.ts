import { randomUUID } from 'node:crypto';
import type { RefreshTokenRecord, RefreshTokenStore } from 'express-runbook/auth';

const expiresAt = new Date(Date.now() + 3_600_000);

/** What a store of refresh tokens does not keep to; nothing when it is a good one. */
export async function brokenPromises(store: RefreshTokenStore, userId: string): Promise<string[]> {
  const broken: string[] = [];
  const insist = (promise: string, isKept: boolean): void => {
    if (!isKept) broken.push(promise);
  };
  const family = (): (() => RefreshTokenRecord) => {
    const familyId = randomUUID();
    return () => ({ id: randomUUID(), familyId, principal: { userId }, expiresAt });
  };

  const token = family();
  const [first, second] = [token(), token()];
  await store.begin(first);
  insist('a token is good once', (await store.rotate(first.id, second)) === 'rotated');
  insist('a second time it is reused', (await store.rotate(first.id, token())) === 'reused');
  insist('the next one is kept', (await store.rotate(second.id, token())) === 'rotated');
  insist('one that never was is unknown', (await store.rotate(randomUUID(), token())) === 'unknown');

  const racing = family();
  const start = racing();
  await store.begin(start);
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => store.rotate(start.id, racing())));
  insist('of ten at once one is rotated', outcomes.filter((outcome) => outcome === 'rotated').length === 1);

  const ending = family();
  const [used, next] = [ending(), ending()];
  await store.begin(used);
  await store.rotate(used.id, next);
  await store.end(next.familyId);
  insist('nothing of an ended family is good', (await store.rotate(next.id, ending())) === 'unknown');
  insist('nor reused', (await store.rotate(used.id, ending())) === 'unknown');
  return broken;
}
