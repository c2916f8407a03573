import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeBackupManifest } from 'express-runbook';
import { doctor, type Seen } from './doctor-calls.js';
import { useFolder } from './fixtures.js';

const folder = useFolder();

interface Broken {
  readonly id: string;
  readonly what: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly warns?: RegExp;
  readonly fails?: RegExp;
}

const DEPLOYMENT = (pod: string, container: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: orders }
spec:
  replicas: 2
  template:
    spec:
      ${pod}
      containers:
        - name: api
          image: orders:1
          env:
            - { name: NODE_ENV, value: production }
            - { name: PORT, value: '3000' }
          ports: [{ name: http, containerPort: 3000 }]
${container
  .split('\n')
  .map((line) => `          ${line}`)
  .join('\n')}
`;
const LIVENESS = 'livenessProbe: { httpGet: { path: /livez, port: http } }';
const READINESS = 'readinessProbe: { httpGet: { path: /api/health/ready, port: 3000 } }';
const ECOSYSTEM = (app: string): string => `module.exports = { apps: [{ name: 'orders', script: 'x.js', ${app} }] };\n`;
const CLUSTER = "exec_mode: 'cluster', instances: 2";

const BROKEN: readonly Broken[] = [
  {
    id: 'node.version',
    what: 'a package for a later Node',
    files: { 'package.json': '{"engines":{"node":">=99.1"}}' },
    fails: /Node \d+\.\d+\.\d+ runs this; 99\.1 is needed/,
  },
  {
    id: 'node.version',
    what: 'an image of an old Node, by an ARG and a stage',
    files: { Dockerfile: 'ARG V=18.12\nFROM node:${V}-alpine AS base\nRUN true\nFROM base\nCMD ["node", "a.js"]\n' },
    fails: /the image is node:18\.12-alpine; 20\.19 is needed/,
  },
  {
    id: 'config.settings',
    what: 'settings that cannot be read',
    env: { DB_PORT: 'hunter2', NODE_ENV: 'production', JWT_SECRET: 'hunter2' },
    fails: /2 problems:.*DB_PORT.*JWT_SECRET must have at least 32 characters/,
  },
  {
    id: 'config.settings',
    what: 'settings that were hardly meant',
    env: { GOOGLE_CLIENT_ID: 'an-id' },
    warns: /GOOGLE_CLIENT_SECRET is missing/,
  },
  {
    id: 'redaction.self-test',
    what: 'redaction that is off in production',
    env: { LOG_REDACT_SENSITIVE: 'false', NODE_ENV: 'production' },
    fails: /secrets reach the log from a field, a field deep inside, a header, a query, a URL of a database, a text/,
  },
  {
    id: 'redaction.self-test',
    what: 'redaction that is off',
    env: { LOG_REDACT_SENSITIVE: 'false' },
    warns: /secrets reach the log from a field/,
  },
  {
    id: 'redaction.logs',
    what: 'a secret in a log file',
    files: { 'logs/app.log': '{"level":"info","password":"hunter2"}\nfine\n' },
    env: { LOG_DIR: 'logs' },
    fails: /logs\/app\.log: sensitive field in 1 of the newest lines/,
  },
  {
    id: 'logs.errors',
    what: 'errors of a moment ago, in two schemas',
    files: {
      'logs/error.log': [
        { timestamp: new Date().toISOString(), msg: 'Job failed' },
        { timestamp: new Date().toISOString(), message: 'Card refused token=hunter2' },
        { timestamp: new Date().toISOString(), message: 'Card refused token=hunter2' },
        { timestamp: '2020-01-01T00:00:00.000Z', msg: 'Long ago' },
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('not a line\n'),
    },
    env: { LOG_DIR: 'logs' },
    warns: /3 within 15 minutes; most often, 2 times: Card refused/,
  },
  {
    id: 'redis.version',
    what: 'a Redis that is away',
    env: { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' },
    fails: /Redis at 127\.0\.0\.1:1 does not answer: connect ECONNREFUSED/,
  },
  {
    id: 'disk.space',
    what: 'a disk beyond its threshold',
    env: { HEALTH_DISK_THRESHOLD: '1', BACKUP_DIR: 'none' },
    warns: /the working directory is on a disk with .* free, beyond 1 %/,
  },
  {
    id: 'docker.signals',
    what: 'npm as process 1',
    files: { Dockerfile: 'FROM node:20\nCMD ["npm", "start"]\n' },
    fails: /npm is process 1 and does not pass SIGTERM on/,
  },
  {
    id: 'docker.signals',
    what: 'a shell as process 1',
    files: { 'docker/Dockerfile.api': 'FROM node:20\n# CMD ["node"]\nCMD node \\\n  dist/index.js\n' },
    fails: /"node +dist\/index\.js" is the shell form/,
  },
  {
    id: 'docker.signals',
    what: 'a script as process 1',
    files: { Dockerfile: 'FROM node:20\nENTRYPOINT ["/bin/sh", "-c", "node dist/index.js"]\n' },
    fails: /sh is process 1 and keeps SIGTERM to itself/,
  },
  {
    id: 'docker.signals',
    what: 'another stop signal',
    files: { Dockerfile: 'FROM node:20\nSTOPSIGNAL SIGQUIT\nCMD ["node", "a.js"]\n' },
    fails: /STOPSIGNAL is SIGQUIT/,
  },
  {
    id: 'docker.signals',
    what: 'no command',
    files: { Dockerfile: 'FROM node:20\nCMD ["npm", "start"]\nFROM node:20\n' },
    warns: /it says no CMD/,
  },
  {
    id: 'shutdown.budget',
    what: 'a supervisor that kills within a drain',
    env: { SHUTDOWN_KILL_AFTER_MS: '10000' },
    fails: /kills after 10000 ms, a drain may take 10000 \(delay 0 \+ time-out 10000\)/,
  },
  {
    id: 'pm2.kill-timeout',
    what: 'the default of pm2 (PRC-03)',
    files: { 'ecosystem.config.js': ECOSYSTEM(`${CLUSTER}, wait_ready: true`) },
    fails: /pm2 \(kill_timeout of orders\) kills after 1600 ms, a drain may take 11000/,
  },
  {
    id: 'pm2.kill-timeout',
    what: 'no time for a hook',
    files: { 'ecosystem.config.cjs': ECOSYSTEM('kill_timeout: 12000') },
    warns: /after a drain of 11000 .* a hook has not its 5000/,
  },
  {
    id: 'pm2.kill-timeout',
    what: 'a file of CommonJS in an ES module (PRC-08)',
    files: { 'package.json': '{"type":"module"}', 'ecosystem.config.js': ECOSYSTEM('kill_timeout: 20000') },
    fails: /pm2 cannot load it: .*module is not defined/,
  },
  {
    id: 'pm2.reload',
    what: 'the fork mode (PRC-09)',
    files: { 'ecosystem.config.cjs': ECOSYSTEM('kill_timeout: 20000') },
    warns: /orders runs in fork mode/,
  },
  {
    id: 'pm2.reload',
    what: 'workers that are not waited for',
    files: { 'ecosystem.config.cjs': ECOSYSTEM(CLUSTER) },
    warns: /orders does not wait for ready/,
  },
  {
    id: 'systemd.unit',
    what: 'npm in front of node',
    files: { 'deploy/orders.service': '[Service]\nExecStart=/usr/bin/npm start\n' },
    fails: /it starts npm, which does not wait for the drain/,
  },
  {
    id: 'systemd.unit',
    what: 'another signal, and too little time',
    files: {
      'orders.service':
        '[Service]\nExecStart=-/usr/bin/node a.js\nKillSignal=SIGKILL\nTimeoutStopSec=1min 10s\nEnvironment=SHUTDOWN_TIMEOUT_MS=70000\n',
    },
    fails: /KillSignal is SIGKILL.*systemd \(TimeoutStopSec\) kills after 70000 ms, a drain may take 70000/,
  },
  {
    id: 'compose.grace-period',
    what: 'the ten seconds of Docker',
    files: { 'docker-compose.yml': 'services: { api: { environment: [NODE_ENV=production], build: . } }\n' },
    fails: /Docker \(stop_grace_period of api\) kills after 10000 ms, a drain may take 10000/,
  },
  {
    id: 'compose.grace-period',
    what: 'no time for a hook',
    files: { 'compose.prod.yaml': 'services: { api: { image: "node:20", stop_grace_period: 12s } }\n' },
    warns: /after a drain of 10000/,
  },
  {
    id: 'kubernetes.settings',
    what: 'a manifest that does not start',
    files: { 'k8s/orders.yaml': DEPLOYMENT('', 'args: [node, a.js]').replace("'3000'", "'no'") },
    fails: /orders would not start: .*PORT/,
  },
  {
    id: 'kubernetes.settings',
    what: 'a manifest that is no YAML',
    files: { 'k8s/orders.yaml': `kind: Deployment\nspec: [\n` },
    fails: /it is no YAML/,
  },
  {
    id: 'kubernetes.probes',
    what: 'liveness that asks dependencies (X-52)',
    files: { 'k8s/o.yaml': DEPLOYMENT('', `livenessProbe: { httpGet: { path: /health, port: 3000 } }\n${READINESS}`) },
    fails: /the livenessProbe of orders asks \/health: when a dependency is away every pod is restarted/,
  },
  {
    id: 'kubernetes.probes',
    what: 'readiness that asks liveness',
    files: { 'k8s/o.yaml': DEPLOYMENT('', `${LIVENESS}\nreadinessProbe: { httpGet: { path: /livez, port: 3000 } }`) },
    fails: /the readinessProbe of orders asks \/livez, which is 200 while it drains/,
  },
  {
    id: 'kubernetes.probes',
    what: 'a path and a port that are not there',
    files: { 'k8s/o.yaml': DEPLOYMENT('', `${LIVENESS}\nreadinessProbe: { httpGet: { path: /healthz, port: 80 } }`) },
    fails: /asks \/healthz, which the service does not have.*asks port 80, the service listens on 3000/,
  },
  {
    id: 'kubernetes.probes',
    what: 'no probe that knows when traffic may come',
    files: { 'k8s/o.yaml': DEPLOYMENT('', LIVENESS) },
    fails: /orders has no readinessProbe/,
  },
  {
    id: 'kubernetes.probes',
    what: 'a process that may hang for ever',
    files: { 'k8s/o.yaml': DEPLOYMENT('', READINESS) },
    warns: /orders has no livenessProbe/,
  },
  {
    id: 'kubernetes.probes',
    what: 'a probe that waits less than an answer may take',
    files: {
      'k8s/o.yaml': DEPLOYMENT('', `${LIVENESS}\n${READINESS}`).replace(
        'port: http } }',
        'port: http }, timeoutSeconds: 0.5 }',
      ),
    },
    fails: /the livenessProbe of orders waits 0\.5 s, an answer may take 800 ms/,
  },
  {
    id: 'kubernetes.probes',
    what: 'a probe of a port alone',
    files: { 'k8s/o.yaml': DEPLOYMENT('', `${READINESS}\nlivenessProbe: { tcpSocket: { port: 3000 } }`) },
    warns: /the livenessProbe of orders asks no path/,
  },
  {
    id: 'kubernetes.grace-period',
    what: 'a pause before the signal that leaves too little',
    files: {
      'k8s/o.yaml': DEPLOYMENT(
        'terminationGracePeriodSeconds: 30',
        'args: [node, a.js]\nlifecycle: { preStop: { exec: { command: [sh, -c, "sleep 15"] } } }',
      ),
    },
    fails: /kills after 30000 ms, a drain may take 30000 \(preStop 15000 \+ delay 5000 \+ time-out 10000\)/,
  },
  {
    id: 'kubernetes.grace-period',
    what: 'no time for a hook',
    files: { 'k8s/o.yaml': DEPLOYMENT('terminationGracePeriodSeconds: 16', 'args: [node, a.js]') },
    warns: /kills after 16000 ms: after a drain of 15000/,
  },
  {
    id: 'backups.age',
    what: 'no backup in production',
    env: { NODE_ENV: 'production', BACKUP_DIR: 'backups', DB_PASSWORD: 'q7Fz0pLwQ' },
    fails: /there is no backup of builder_api_dev in .*backups/,
  },
  {
    id: 'backups.age',
    what: 'no backup',
    env: { BACKUP_DIR: 'backups' },
    warns: /there is no backup of builder_api_dev/,
  },
  {
    id: 'security.validation',
    what: 'nothing that validates',
    files: { 'package.json': '{"dependencies":{"zod":"4"}}', 'src/a.ts': 'export {};\n' },
    warns: /no library that validates is imported/,
  },
  {
    id: 'security.sql',
    what: 'a statement with a value in it',
    files: { 'src/a.ts': '\n\nawait pool.query(`SELECT * FROM users WHERE id = ${req.params.id}`);\n' },
    warns: /a statement is put together from values in line 3/,
  },
  {
    id: 'security.sql',
    what: 'a statement with a value behind it',
    files: { 'src/a.js': "db.query('SELECT * FROM users WHERE id = ' + id);\n" },
    warns: /a statement is put together from values in line 1/,
  },
  {
    id: 'security.dependencies',
    what: 'no lock file (SEC-14)',
    files: { 'package.json': '{}', '.git/HEAD': 'ref: refs/heads/main\n' },
    fails: /there is no lock file/,
  },
  {
    id: 'security.dependencies',
    what: 'a lock file of another time',
    files: { 'package.json': '{"dependencies":{"left-pad":"1"}}', 'package-lock.json': '{}' },
    fails: /package-lock\.json does not have left-pad/,
  },
  {
    id: 'security.dependencies',
    what: 'holes that are known',
    files: {
      'package.json': '{}',
      'yarn.lock': '',
      'security-report.json': '{"metadata":{"vulnerabilities":{"low":3,"high":1,"critical":1}}}',
    },
    fails: /security-report\.json has 2 that are high or critical/,
  },
  {
    id: 'security.dependencies',
    what: 'a report that is none',
    files: { 'package.json': '{}', 'yarn.lock': '', 'security-report.json': 'audit endpoint returned an error' },
    fails: /is no report of npm audit/,
  },
  {
    id: 'security.secrets',
    what: 'a secret in a manifest',
    files: {
      'k8s/o.yaml': DEPLOYMENT('', LIVENESS).replace(
        "value: '3000' }",
        "value: '3000' }\n            - { name: JWT_SECRET, value: hunter2 }",
      ),
    },
    fails: /the value of JWT_SECRET stands in it/,
  },
  {
    id: 'security.secrets',
    what: 'a secret in an image',
    files: {
      Dockerfile: 'FROM node:20\nENV PORT=3000 DATABASE_URL=postgres://app:hunter2@db/app\nCMD ["node", "a.js"]\n',
    },
    fails: /the value of DATABASE_URL stands in it/,
  },
  {
    id: 'security.secrets',
    what: 'a secret in an image, in the old form with a blank',
    files: { Dockerfile: 'FROM node:20\nENV NODE_ENV production\nENV JWT_SECRET hunter2\nCMD ["node", "a.js"]\n' },
    fails: /^security\.secrets: the value of JWT_SECRET stands in it$/,
  },
  {
    id: 'security.secrets',
    what: 'a secret in a file of pm2',
    files: { 'ecosystem.config.cjs': ECOSYSTEM("env: { API_KEY: 'hunter2' }") },
    fails: /the value of API_KEY stands in it/,
  },
  {
    id: 'security.secrets',
    what: 'secrets in a compose file and in a unit',
    files: {
      'compose.yml':
        'services: { api: { environment: { NODE_ENV: test, DB_PASSWORD: hunter2, JWT_SECRET: "${JWT_SECRET}" } } }\n',
      'orders.service': '[Service]\nExecStart=node a.js\nEnvironment="A=b" "OPS_TOKEN=hunter2"\n',
    },
    fails:
      /^security\.secrets: the value of DB_PASSWORD stands in it,security\.secrets: the value of OPS_TOKEN stands in it$/,
  },
  {
    id: 'security.secrets',
    what: 'a .env that git takes',
    files: { '.env': 'JWT_SECRET=hunter2\n', '.git/HEAD': 'ref: refs/heads/main\n', '.gitignore': 'dist/\n' },
    fails: /git does not ignore \.env/,
  },
];

const ids = [...new Set(BROKEN.map(({ id }) => id))].filter((id) => !id.startsWith('redis'));

describe('a repository or an environment that is broken', () => {
  it.each(BROKEN)('is told of by $id: $what (T-01)', async ({ id, files = {}, env = {}, warns, fails }) => {
    await folder.write(files);
    const seen = await doctor(['--only', id], { folder: folder.path, env });
    expect(seen.warned.join()).toMatch(warns ?? /^$/);
    expect(seen.failed.join()).toMatch(fails ?? /^$/);
    expect(seen.exitCode).toBe(fails === undefined ? 1 : 2);
    expect(seen.stdout).not.toContain('hunter2');
    for (const { findings } of seen.report.checks) {
      for (const { status, cure } of findings) expect(cure !== undefined).toBe(status === 'WARN' || status === 'FAIL');
    }
  });

  it('has backups: too old ones are told of, and damaged ones', async () => {
    const dir = join(folder.path, 'backups');
    const write = async (file: string, hours: number, sizeBytes: number): Promise<void> => {
      const at = new Date(Date.now() - hours * 3_600_000).toISOString();
      await mkdir(dir, { recursive: true });
      await writeFile(join(dir, file), 'dump');
      const manifest = {
        version: 1,
        file,
        format: 'custom',
        database: 'builder_api_dev',
        serverVersion: '15',
      } as const;
      await writeBackupManifest(dir, { ...manifest, startedAt: at, createdAt: at, sizeBytes, sha256: '' });
    };
    const ask = (): Promise<Seen> =>
      doctor(['--only', 'backups.age'], { folder: folder.path, env: { BACKUP_DIR: 'backups', BACKUP_RPO: '1h' } });
    await write('a.dump', 72, 4);
    await write('b.dump', 1, 5);
    expect(await ask()).toMatchObject({
      failed: ['backups.age: the newest backup of builder_api_dev is 3 days old, BACKUP_RPO is 1 h'],
      warned: ['backups.age: b.dump: it has another size than its manifest says'],
    });
    await write('b.dump', 0.5, 4);
    expect(await ask()).toMatchObject({ exitCode: 0, failed: [], warned: [] });
  });
});

describe('a repository that is well', () => {
  it('gets nothing from any of these checks', async () => {
    await folder.write({
      'package.json': '{"engines":{"node":">=18 <99"},"dependencies":{"zod":"4"}}',
      'package-lock.json': '{"packages":{"node_modules/zod":{}}}',
      'security-report.json': '{"metadata":{"vulnerabilities":{"low":1,"high":0,"critical":0}}}',
      'src/a.ts': "import { z } from 'zod';\npool.query(`SELECT ${COLUMNS} FROM a WHERE id = $1`, [z.parse(id)]);\n",
      '.env': 'PORT=3000\n',
      '.gitignore': '.env*\n',
      '.git/HEAD': '',
      'logs/app.log': '{"password":"[REDACTED]"}\n',
      'logs/error.log': '{"timestamp":"2020-01-01T00:00:00.000Z","msg":"Long ago"}\n',
      'backups/none': '',
      Dockerfile:
        'FROM node:20 AS builder\nCMD ["npm", "test"]\nFROM gcr.io/node:22\nENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["node", "a.js"]\n',
      'ecosystem.config.cjs': ECOSYSTEM(`${CLUSTER}, wait_ready: true, kill_timeout: 17000`),
      'orders.service': '[Service]\nExecStart=/usr/bin/node a.js\nTimeoutStopSec=infinity\n',
      'postgres.service': '[Service]\nExecStart=/usr/bin/postgres\nTimeoutStopSec=1\n',
      'compose.yml':
        'services: { api: { environment: { NODE_ENV: test }, stop_grace_period: 1m30s }, redis: { image: redis } }\n',
      'k8s/orders.yaml': `${DEPLOYMENT('', `${LIVENESS}\n${READINESS}`)}---\nkind: Service\n`,
      'k8s/database.yaml': DEPLOYMENT('', 'tty: true').replace('NODE_ENV', 'PGDATA'),
      'chart/orders.yaml': 'kind: Deployment\nspec: {{ .Values.spec }}\n',
    });
    const seen = await doctor(
      ids.filter((id) => id !== 'backups.age').flatMap((id) => ['--only', id]),
      { folder: folder.path, env: { LOG_DIR: 'logs', BACKUP_DIR: 'backups', SHUTDOWN_KILL_AFTER_MS: '16000' } },
    );
    expect(seen).toMatchObject({ exitCode: 0, failed: [], warned: [], skipped: [] });
    expect(seen.report.counts.OK).toBe(ids.length - 1);
  });

  it('may keep what it means: a comment with a reason takes a finding back, one without does not', async () => {
    const ask = (): Promise<Seen> => doctor(['--only', 'docker'], { folder: folder.path });
    const docker = (comment: string): string => `${comment}\nFROM node:20\nCMD npm start\n`;
    await folder.write({ Dockerfile: docker('# doctor: ignore docker.signals it is for trying out') });
    expect(await ask()).toMatchObject({
      exitCode: 0,
      failed: [],
      skipped: ['docker.signals: the file says to ignore it: it is for trying out'],
    });
    await folder.write({ Dockerfile: docker('# doctor: ignore docker.signals') });
    expect((await ask()).failed).toHaveLength(1);
  });
});
