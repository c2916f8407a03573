import { check } from '../doctor-check.js';
import { fail, ok, skip, type Finding } from '../finding.js';
import type { Repository } from '../repository/repository.js';

const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'];
const REPORT = 'security-report.json';
const AUDIT = 'npm audit --json > security-report.json';

export const securityDependencies = check({
  id: 'security.dependencies',
  title: 'checklist 7: dependencies are locked, and known holes are mended',
  needs: ['repository'],
  async run({ repository }) {
    const text = await repository.text('package.json');
    if (text === undefined) return skip('there is no package.json');
    for (const name of LOCK_FILES) {
      const lock = await repository.above(name);
      if (lock !== undefined) return [lockFinding(text, lock), await reportFinding(repository)];
    }
    return fail(
      'there is no lock file: nobody knows what is installed, and npm audit refuses to say',
      'npm install, and commit package-lock.json',
    );
  },
});

function lockFinding(packageJson: string, { path, text }: { path: string; text: string }): Finding {
  const { dependencies = {} } = JSON.parse(packageJson) as { dependencies?: Record<string, string> };
  const missing = Object.keys(dependencies).filter((name) => !text.includes(name));
  if (missing.length === 0) return ok(`${path} locks them`);
  return fail(`${path} does not have ${missing.join(', ')}`, 'npm install, and commit the lock file');
}

/** What `npm audit` said when it was last asked; it needs a registry that answers, and is not asked here. */
async function reportFinding(repository: Repository): Promise<Finding> {
  const text = await repository.text(REPORT);
  if (text === undefined) return skip(`there is no ${REPORT}: ${AUDIT}`);
  const holes = holesIn(text);
  if (holes === undefined) return fail(`${REPORT} is no report of npm audit`, AUDIT);
  const bad = (holes.high ?? 0) + (holes.critical ?? 0);
  return bad === 0
    ? ok(`${REPORT} has none that is high or critical`)
    : fail(`${REPORT} has ${bad} that are high or critical`, 'npm audit fix, run the tests, then ask again');
}

function holesIn(text: string): Record<string, number> | undefined {
  try {
    // What is missing is undefined.
    return (JSON.parse(text) as { metadata?: { vulnerabilities?: Record<string, number> } }).metadata?.vulnerabilities;
  } catch {
    return undefined;
  }
}
