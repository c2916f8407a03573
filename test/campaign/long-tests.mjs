import { testsPass } from './node-versions.mjs';

/** The tests that would make `npm test` too long, on the build as it has them; there is no shorter form. */
export async function longTests({ row }) {
  const env = { ...process.env, LONG_TESTS: '1', npm_lifecycle_event: 'test' };
  await row('test/**/*.long.test.ts', () => testsPass([process.execPath], [], env));
}
