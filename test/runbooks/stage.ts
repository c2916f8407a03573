import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../repo/source-files.js';
import { testServer } from '../support/postgres.js';
import { startRedis } from '../support/redis.js';
import { freePort, REFERENCE_SERVER } from '../support/reference-server.js';
import { pm2Folder } from './pm2.js';
import type { Places } from './places.js';

export interface StageOptions {
  readonly profile: string;
  /** Where the guide clones from. */
  readonly repository: string;
  /** The folder that it is cloned into, on the machine that the guide talks of; a folder of its own when not given. */
  readonly folder?: string;
  /** Whether the page calls pm2. */
  readonly hasPm2?: boolean;
  /** Whether the service keeps its cache in Redis. */
  readonly hasRedis?: boolean;
  /** Whether the page installs the dependencies: from what is installed here, without a registry. */
  readonly hasInstall?: boolean;
  /** Whether stand-ins for the services that it calls are started by the page. */
  readonly hasStandIns?: boolean;
}

export interface Stage {
  readonly cwd: string;
  readonly scratch: string;
  readonly places: Places;
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** What an operator finds on the machine: PostgreSQL, Redis, a repository to clone, nothing of this environment. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const scratch = mkdtempSync(join(tmpdir(), `runbook-${options.profile}-`));
  const settings = { shared_preload_libraries: 'pg_stat_statements', wal_level: 'replica' };
  const account = { user: 'postgres', password: 'postgres', database: 'postgres' };
  const [postgres, redis] = await Promise.all([testServer({ ...account, settings }), startRedis()]);
  const machine = join(scratch, 'machine');
  for (const folder of ['var/log', 'var/backups', 'opt', 'backups', 'logs', 'pm2'])
    mkdirSync(join(machine, folder), { recursive: true });
  const cwd = join(machine, options.folder ?? 'desk');
  layOut(scratch, cwd, options);
  const postgresPort = Number(new URL(postgres.url).port);
  const places = { port: await freePort(), postgresPort, redisPort: redis.port, machine };
  const programs =
    options.hasPm2 === true ? [join(scratch, 'bin'), join(pm2Folder(), 'node_modules/.bin')] : [join(scratch, 'bin')];
  const env = { ...surroundings(scratch, places, programs), ...(await ofProfile(options, places)) };
  const remove = async (): Promise<void> => {
    if (options.hasPm2 === true) execFileSync('pm2', ['kill'], { env, stdio: 'ignore' });
    await Promise.all([postgres.stop(), redis.end()]);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10 });
  };
  return { cwd, scratch, places, env, remove };
}

/** What a shell of the operator has set. */
function surroundings(
  scratch: string,
  { port, postgresPort, machine }: Places,
  programs: readonly string[],
): Record<string, string> {
  return {
    PATH: [...programs, process.env.PATH ?? '', '/usr/lib/postgresql/15/bin'].join(':'),
    HOME: machine,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    PORT: String(port),
    DB_PORT: String(postgresPort),
    // What is told is whether it is well, not how busy the machine of the tests is.
    ...{ HEALTH_CHECK_TIMEOUT: '10s', HEALTH_DB_RESPONSE_TIME_THRESHOLD: '10s', HEALTH_CPU_THRESHOLD: '100%' },
    ...{ PGHOST: '127.0.0.1', PGPORT: String(postgresPort), PGUSER: 'postgres', PGPASSWORD: 'postgres' },
    ...{ npm_config_update_notifier: 'false', npm_config_cache: join(scratch, 'npm'), npm_config_offline: 'true' },
    ...{ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' },
    ...{ GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com' },
  };
}

async function ofProfile(options: StageOptions, { redisPort, machine }: Places): Promise<Record<string, string>> {
  const { profile, repository, hasPm2 = false, hasRedis = false, hasStandIns = false } = options;
  // Whoever clones the repository of the guide gets the reference server.
  const git = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${join(machine, '../origin')}.insteadOf`,
    GIT_CONFIG_VALUE_0: repository,
  };
  const pm2 = { PM2_HOME: join(machine, 'pm2') };
  const redis = { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(redisPort) };
  return {
    OPS_PROFILE: profile,
    ...git,
    ...(hasPm2 ? pm2 : {}),
    ...(hasRedis ? redis : {}),
    ...(hasStandIns ? await addressesOfStandIns() : {}),
  };
}

/** Free ones, instead of those that the profile has. */
async function addressesOfStandIns(): Promise<Record<string, string>> {
  const [model, index] = [await freePort(), await freePort()];
  return { LLM_API_URL: `http://127.0.0.1:${model}`, PINECONE_INDEX_URL: `http://127.0.0.1:${index}` };
}

/** The folder of the clones; what is cloned lands where the scripts of its package.json find the built package beside it. */
function layOut(scratch: string, cwd: string, { repository, hasInstall = false }: StageOptions): void {
  for (const name of ['dist', 'src', 'node_modules', 'tsup.config.ts'])
    if (hasInstall) copyTree(join(ROOT, name), join(scratch, name));
    else symlinkSync(join(ROOT, name), join(scratch, name));
  mkdirSync(join(scratch, 'bin'));
  // As npm links it where the package is installed.
  symlinkSync(join(ROOT, 'dist/slack-notify.js'), join(scratch, 'bin/slack-notify'));
  // With the times that they have: a younger package.json would have the package built anew, below everybody's feet.
  for (const name of COPIED)
    cpSync(join(ROOT, name), join(scratch, name), { recursive: true, preserveTimestamps: true });
  const origin = join(scratch, 'origin');
  const isTheirs = (path: string): boolean => !OWN.test(path.slice(REFERENCE_SERVER.length));
  cpSync(REFERENCE_SERVER, origin, { recursive: true, filter: isTheirs });
  writeFileSync(
    join(origin, '.gitignore'),
    '/dist/\n/logs/\n/backups/\n/profiles/\n/docs/openapi.json\n/.data/\n.env*\n!.env.example\n*.dump\n*.heapprofile\n',
  );
  writeFileSync(
    join(origin, 'package-lock.json'),
    '{ "name": "reference-server", "lockfileVersion": 3, "packages": {} }\n',
  );
  const git = (...args: string[]) => execFileSync('git', [...GIT, ...args], { cwd: origin, stdio: 'ignore' });
  git('init', '-b', 'main');
  git('add', '.');
  git('commit', '-m', 'The reference server');
  const clone = join(scratch, 'examples/reference-server');
  for (const folder of [clone, cwd]) mkdirSync(folder, { recursive: true });
  symlinkSync(clone, join(cwd, repository.replace(/^.*\/|\.git$/g, '')));
}

/** By hard links where it can be: npm puts new files into the place of old ones, but for its own list of what is installed. */
function copyTree(from: string, to: string): void {
  const copy = 'cp -al "$1" "$2" 2> /dev/null || { rm -rf "$2"; cp -a "$1" "$2"; }; rm -f "$2/.package-lock.json"';
  execFileSync('sh', ['-c', copy, 'sh', from, to]);
}

/** What the scripts of the clone, and npm, look for two folders above it. */
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json', 'eslint.config.js'];
const COPIED = [...SETTINGS, '.ci', 'examples/quick-start/package.json'];
const GIT = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
/** What lies in the folder of whoever runs the tests, and in no repository. */
const OWN = /^\/(?:dist|node_modules|logs|backups|profiles|coverage|\.data|\.env(?!\.example))(?:\/|$)/;
