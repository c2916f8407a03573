import { expect } from 'vitest';

/** Resolves when something answers there, whatever it says. */
export async function untilAnswers(url: string): Promise<void> {
  await expect.poll(() => isAnswering(url), { timeout: 10_000 }).toBe(true);
}

/** Resolves when nobody answers there any more. */
export async function untilSilent(url: string): Promise<void> {
  await expect.poll(() => isAnswering(url), { timeout: 10_000 }).toBe(false);
}

function isAnswering(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
