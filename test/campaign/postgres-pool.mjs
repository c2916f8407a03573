import { testsPass } from './node-versions.mjs';

// A loopback that is ours alone, so that its packets may be dropped. The rest of the machine is not touched.
const IN_OWN_NETWORK = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh', process.execPath];

/** What the pool promises over a long time, and when the kernel is in the way; the shortest form is the former, shorter. */
export async function postgresPool({ isSmoke, row }) {
  const long = ['test/postgres/pool-metrics.test.ts', '-t', 'leaves no listener behind'];
  const env = { ...process.env, CAMPAIGN: isSmoke ? '' : '1' };
  await row(`listeners after ${isSmoke ? '20 000' : '100 000'} queries`, () =>
    testsPass([process.execPath], long, env),
  );
  if (isSmoke) return;
  const kernel = ['test/postgres/faults.test.ts', '-t', 'that the kernel makes'];
  await row('a partition by iptables (F6)', () =>
    testsPass(IN_OWN_NETWORK, kernel, { ...process.env, TEST_OWN_NETWORK: '1' }),
  );
}
