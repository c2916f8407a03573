import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GRACEFUL_SHUTDOWN_DEFAULTS, loadConfig } from 'express-runbook';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../repo/source-files.js';
import { PROFILES } from '../support/example-sources.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';

const read = (path: string): string => readFileSync(join(REFERENCE_SERVER, path), 'utf8');
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

describe('the manifests for Kubernetes', () => {
  it('have the deployments that the commands of the runbooks name, each on the port of its profile (DEP-02, DEP-03)', () => {
    const deployments = ['builder', 'booky', 'codebook'].map((profile) => {
      const { kind, metadata, spec } = parse(read(`deploy/kubernetes/${profile}.yaml`)) as {
        kind: string;
        metadata: { name: string; labels: { app: string } };
        spec: {
          selector: { matchLabels: { app: string } };
          template: { metadata: { labels: { app: string } }; spec: { containers: { ports: unknown; env: unknown }[] } };
        };
      };
      // What is selected is what is made, or the deployment is refused.
      expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
      expect(metadata.labels.app).toBe(spec.selector.matchLabels.app);
      const { settings } = PROFILES[profile as keyof typeof PROFILES];
      expect(spec.template.spec.containers).toMatchObject([
        {
          ports: [{ containerPort: settings.PORT }],
          env: expect.arrayContaining([
            { name: 'NODE_ENV', value: 'production' },
            { name: 'OPS_PROFILE', value: profile },
          ]),
        },
      ]);
      return `${kind}/${metadata.name}`;
    });
    expect(deployments).toEqual(['Deployment/builder-api', 'Deployment/booky-backend', 'Deployment/codebook-backend']);
  });
});

interface ComposeService {
  readonly environment: Record<string, string>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly deploy?: unknown;
  readonly stop_grace_period?: string;
  readonly image: string;
  readonly healthcheck: { readonly test: readonly string[] };
  readonly build?: unknown;
}
interface Compose {
  readonly services: { readonly backend: ComposeService; readonly postgres: ComposeService };
}

describe('the compose files of Booky', () => {
  const compose = parse(read('docker-compose.yml')) as Compose;
  const production = parse(read('docker-compose.prod.yml')) as Compose;

  it.each([
    ['docker-compose.yml', compose, './backups:/backups'],
    ['docker-compose.prod.yml', production, '/backups:/backups'],
  ])('%s has backend and postgres as the commands name them (DEP-04)', (_file, { services }, backups) => {
    expect(Object.keys(services)).toEqual(['backend', 'postgres']);
    expect(services.backend).toMatchObject({
      container_name: 'booky-backend',
      image: 'booky/backend:latest',
      depends_on: { postgres: { condition: 'service_healthy' } },
    });
    expect(services.postgres.environment).toMatchObject({ POSTGRES_USER: 'postgres', POSTGRES_DB: 'booky' });
    expect(services.postgres.volumes).toContain(backups);
  });

  it('give the backend of production 2 GiB, and differ in nothing else but what production needs (DEP-04)', () => {
    expect(production.services.backend.deploy).toEqual({ resources: { limits: { memory: '2g' } } });
    const shared = (service: ComposeService): unknown => ({
      ...service,
      ...{ environment: undefined, deploy: undefined, build: undefined },
    });
    expect(shared(production.services.backend)).toEqual(shared(compose.services.backend));
  });

  it('ask readiness on the port of the profile, which nobody but this machine reaches', () => {
    const port = PROFILES.booky.settings.PORT;
    for (const { services } of [compose, production]) {
      expect(services.backend.ports).toEqual([`127.0.0.1:${String(port)}:${String(port)}`]);
      expect(services.backend.healthcheck.test.at(-1)).toBe(`http://127.0.0.1:${String(port)}/health/readiness`);
    }
  });

  it('make settings of production that the service takes, once the secrets are given, and hold none themselves', () => {
    const secrets = {
      POSTGRES_PASSWORD: 'p'.repeat(20),
      JWT_SECRET: 'j'.repeat(40),
      REFRESH_TOKEN_SECRET: 'r'.repeat(40),
    };
    const { environment } = production.services.backend;
    const filled = (given: Record<string, string>): Record<string, string> =>
      Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [
          name,
          value.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_all, variable: string, kind: string, text: string) => {
            if (given[variable] === undefined && kind === '?') throw new Error(`${variable} ${text}`);
            return given[variable] ?? text;
          }),
        ]),
      );
    for (const name of Object.keys(secrets)) {
      const others = Object.fromEntries(Object.entries(secrets).filter(([other]) => other !== name));
      expect(() => filled(others)).toThrow(name);
    }
    const config = loadConfig({ env: filled(secrets), envFile: false, profile: PROFILES.booky.settings });
    expect(config).toMatchObject({ nodeEnv: 'production', port: 3001, trustProxy: ['uniquelocal'] });
    expect(config.database).toMatchObject({ host: 'postgres', port: 5432, name: 'booky' });
  });
});

describe('render.yaml', () => {
  it('is that of the guide, and leaves the service the time to drain (DEP-08)', () => {
    const { services } = parse(read('render.yaml')) as {
      services: [{ maxShutdownDelaySeconds: number; envVars: { key: string; value?: string }[] }];
    };
    const [service] = services;
    expect(service).toMatchObject({
      type: 'web',
      name: PROFILES.codebook.service,
      env: 'node',
      buildCommand: 'npm install && npm run build',
      startCommand: 'npm start',
      healthCheckPath: '/health/readiness',
    });
    expect(service.envVars).toEqual(
      expect.arrayContaining([
        { key: 'NODE_ENV', value: 'production' },
        { key: 'SUPABASE_URL', sync: false },
      ]),
    );
    const env = Object.fromEntries(
      service.envVars.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])),
    );
    const { shutdown } = loadConfig({
      env: { ...env, JWT_SECRET: 'j'.repeat(40), REFRESH_TOKEN_SECRET: 'r'.repeat(40) },
      envFile: false,
      profile: PROFILES.codebook.settings,
    });
    expect(service.maxShutdownDelaySeconds * 1000).toBeGreaterThan(
      shutdown.delayMs + shutdown.timeoutMs + GRACEFUL_SHUTDOWN_DEFAULTS.hookTimeoutMs,
    );
    expect(scripts).toMatchObject({ build: expect.any(String), start: 'node dist/index.js' });
  });
});

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly name: string;
  readonly on: Record<string, { branches?: string[]; inputs?: Record<string, unknown> }>;
  readonly jobs: Record<
    string,
    { needs?: string | string[]; if?: string; steps: Step[]; env?: Record<string, string> }
  >;
}
const WORKFLOWS = '.github/workflows';
const workflow = (name: string): Workflow => parse(read(`${WORKFLOWS}/${name}`)) as Workflow;
const runsOf = ({ jobs }: Workflow, job: string): string[] =>
  (jobs[job]?.steps ?? []).flatMap(({ run }) => (run === undefined ? [] : [run]));

describe('the workflows of GitHub', () => {
  it('deploy Codebook from main once tests, lint and the scan have passed (DEP-06, SEC-14)', () => {
    const flow = workflow('deploy-production.yml');
    expect(flow.name).toBe('Deploy to Production');
    expect(flow.on).toEqual({ push: { branches: ['main'] } });
    expect(Object.keys(flow.jobs)).toEqual(['test', 'security-scan', 'deploy']);
    expect(runsOf(flow, 'test')).toEqual(['npm ci', 'npm test', 'npm run lint']);
    expect(runsOf(flow, 'security-scan')).toEqual(['npm audit --audit-level=high']);
    expect(flow.jobs.deploy?.needs).toEqual(['test', 'security-scan']);
    expect(flow.jobs.deploy?.env?.IMAGE).toMatch(/\/codebook-backend:\$\{\{ github\.sha \}\}$/);
    const runs = runsOf(flow, 'deploy');
    const steps = [
      'docker build -t codebook-backend:${{ github.sha }} .',
      'docker push "$IMAGE"',
      'kubectl set image deployment/codebook-backend api="$IMAGE"',
      'kubectl rollout status deployment/codebook-backend --timeout=5m',
    ];
    expect(runs.filter((run) => steps.includes(run))).toEqual(steps);
    const { metadata, spec } = parse(read('deploy/kubernetes/codebook.yaml')) as {
      metadata: { name: string };
      spec: { template: { spec: { containers: { name: string }[] } } };
    };
    expect([metadata.name, spec.template.spec.containers[0]?.name]).toEqual(['codebook-backend', 'api']);
  });

  it('deploy Booky, and roll it back by hand to a commit that is asked for (DEP-07, DEP-17, T-18)', () => {
    const flow = workflow('backend-ci-cd.yml');
    expect(flow.name).toBe('Backend CI/CD Pipeline');
    expect(flow.on.workflow_dispatch?.inputs?.ref).toMatchObject({ required: true, type: 'string' });
    for (const { steps } of Object.values(flow.jobs)) {
      expect(steps[0]).toEqual({ uses: 'actions/checkout@v4', with: { ref: '${{ inputs.ref || github.sha }}' } });
    }
    expect(flow.jobs.deploy).toMatchObject({ needs: 'test', if: "github.event_name != 'pull_request'" });
    const [deploy = ''] = runsOf(flow, 'deploy');
    expect(deploy).toContain('cd /opt/booky/backend && docker-compose -f docker-compose.prod.yml up -d');
    expect(deploy).not.toMatch(/docker-compose\b.*\brestart/);
  });

  it.each(readdirSync(join(REFERENCE_SERVER, WORKFLOWS)))(
    'of %s run on Node 20, may only read, and let nobody who names a branch or a commit write shell',
    (file) => {
      const text = read(`${WORKFLOWS}/${file}`);
      const flow = parse(text) as Workflow & { permissions: unknown };
      expect(flow.permissions).toEqual({ contents: 'read' });
      const steps = Object.values(flow.jobs).flatMap((job) => job.steps);
      for (const { uses, with: given, run } of steps) {
        if (uses?.startsWith('actions/setup-node@') === true) expect(given?.['node-version']).toBe('20');
        if (uses !== undefined) expect(uses).toMatch(/^[\w/-]+@v\d+$/);
        for (const [, filledIn = ''] of (run ?? '').matchAll(/\$\{\{(.*?)\}\}/g))
          expect(filledIn.trim()).toBe('github.sha');
        for (const [, script = ''] of (run ?? '').matchAll(/npm run ([\w:-]+)/g))
          expect(scripts).toHaveProperty(script);
      }
    },
  );
});

describe('the guide to deploying', () => {
  const guide = readFileSync(join(ROOT, 'docs/guides/deploying.md'), 'utf8');

  it('names files and scripts that are there (DEP-16, DEP-17)', () => {
    const named = [...guide.matchAll(/(?:^|[ `])((?:deploy|scripts|migrations)\/[\w./{},-]*)/gm)].flatMap(
      ([, path = '']) => {
        const [, start = '', list, end = ''] = /^([^{]*)(?:\{([^}]*)\})?(.*)$/.exec(path) ?? [];
        return list === undefined ? [path] : list.split(',').map((one) => `${start}${one}${end}`);
      },
    );
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((path) => !existsSync(join(REFERENCE_SERVER, path)))).toEqual([]);
    for (const [, script = ''] of guide.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty(script);
    for (const path of ['apps/backend', 'apps/web', 'packages/db', '/opt/booky/backend', '/opt/booky/staging']) {
      expect(guide).toContain(`\`${path}\``);
    }
  });

  it('has the list to go through before a deployment, and the platforms (DEP-14, DEP-18)', () => {
    const items = [...guide.matchAll(/^- \[ \] (.*)$/gm)].map(([, item = '']) => item.toLowerCase());
    for (const word of ['tests', 'reviewed', 'migrations', 'settings', 'changelog', 'docs']) {
      expect(
        items.some((item) => item.includes(word)),
        word,
      ).toBe(true);
    }
    for (const platform of ['Render', 'Railway', 'Fly.io', 'Elastic Beanstalk'])
      expect(guide).toContain(`| ${platform} |`);
  });
});

describe('the doctor of the package', () => {
  it('finds that every asset leaves the service the time to drain, asks probes that are there, and holds no secret', async () => {
    const checks = [
      ...['docker.signals', 'pm2.kill-timeout', 'pm2.reload', 'systemd.unit', 'compose.grace-period'],
      ...['kubernetes.settings', 'kubernetes.probes', 'kubernetes.grace-period', 'security.secrets'],
    ];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        join(ROOT, 'dist/cli.js'),
        'doctor',
        '--json',
        ...['--profile', 'dist/profile.js', '--dotenv', '/nonexistent/.env'],
        ...checks.flatMap((id) => ['--only', id]),
      ],
      { cwd: REFERENCE_SERVER, env: { PATH: process.env.PATH } },
    );
    const report = JSON.parse(stdout) as {
      checks: { id: string; findings: { status: string; file?: string; says: string }[] }[];
    };
    const findings = report.checks.flatMap((check) => check.findings);
    expect(report.checks.map(({ id }) => id).sort()).toEqual([...checks].sort());
    const others = findings.filter(({ status }) => status !== 'OK').map(({ file }) => file);
    expect(others).toEqual(['deploy/kubernetes/codebook-as-printed.yaml']);
    const looked = new Set(findings.flatMap(({ file }) => (file === undefined ? [] : [file])));
    expect([...looked].sort()).toEqual([
      'Dockerfile',
      'deploy/kubernetes/booky.yaml',
      'deploy/kubernetes/builder.yaml',
      'deploy/kubernetes/codebook-as-printed.yaml',
      'deploy/kubernetes/codebook.yaml',
      'deploy/systemd/builder-api.service',
      'deploy/systemd/ordo-backend.service',
      'docker-compose.prod.yml',
      'docker-compose.yml',
      'ecosystem.config.js',
    ]);
  });
});
