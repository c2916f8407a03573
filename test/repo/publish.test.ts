import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './source-files.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly needs?: string;
  readonly container?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: { readonly push: { readonly tags?: readonly string[]; readonly branches?: readonly string[] } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: { readonly check: Job; readonly publish: Job };
}

const text = readFileSync(join(ROOT, '.github/workflows/publish.yml'), 'utf8');
const { on, permissions, jobs } = parse(text) as Workflow;
const runs = ({ steps }: Job): string[] => steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

describe('the workflow that publishes the package', () => {
  it('runs for tags of versions alone, on Node 20, after everything that must hold', () => {
    expect(on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
    expect(jobs.check.container).toMatch(/^node:20-/);
    expect(runs(jobs.check)).toContain('.ci/run');
    expect(existsSync(join(ROOT, '.ci/run'))).toBe(true);
    expect(jobs.publish.needs).toBe('check');
    expect(jobs.publish.steps).toContainEqual({ uses: 'actions/setup-node@v4', with: { 'node-version': '20' } });
  });

  it('publishes with provenance, and only that job may sign', () => {
    expect(permissions).toEqual({ contents: 'read' });
    expect(jobs.check.permissions).toBeUndefined();
    expect(jobs.publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(runs(jobs.publish).at(-1)).toBe('npm publish --provenance --access public');
    expect(runs(jobs.publish).filter((run) => run.includes('repository.url='))).toHaveLength(1);
  });

  it('publishes the version of the tag, and gives the token of the registry to the last step alone', () => {
    expect(runs(jobs.publish)[0]).toContain('"$GITHUB_REF_NAME" = "v$(node -p');
    expect(text.match(/secrets\./g)).toHaveLength(1);
    expect(jobs.publish.steps.at(-1)?.env).toEqual({ NODE_AUTH_TOKEN: '${{ secrets.NPM_TOKEN }}' });
  });

  it('uses actions of a stated version, and leaves no field of an event to the shell', () => {
    const steps = [...jobs.check.steps, ...jobs.publish.steps];
    for (const { uses } of steps) expect(uses ?? 'x@v1').toMatch(/^[\w/-]+@v\d+$/);
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });
});
