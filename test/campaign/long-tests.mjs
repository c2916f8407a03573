import { testsPass } from './node-versions.mjs';

// One runbook shows that their executor works, and its service; it, and guides that are typed like it, take most of the time.
const RUNBOOKS = ['booky', 'ordo-todo', 'beo-automation', 'codebook'].map((page) => `test/runbooks/${page}.*`);
const NOT_IN_SMOKE = [
  ...RUNBOOKS,
  'test/guides/service-docs.*',
  'test/guides/adopting.*',
  'test/testing/conformance-profiles.*',
];

/** The tests that would make `npm test` too long, on the build as it has them. */
export async function longTests({ isSmoke, row }) {
  const env = { ...process.env, LONG_TESTS: '1', npm_lifecycle_event: 'test' };
  const left = isSmoke ? NOT_IN_SMOKE.flatMap((path) => ['--exclude', path]) : [];
  await row('test/**/*.long.test.ts', () => testsPass([process.execPath], left, env));
}
