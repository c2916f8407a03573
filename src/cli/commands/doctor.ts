import { InvalidArgumentError, type Command } from 'commander';
import { createRedactor, secretValues } from '../../index.js';
import { withConfigSource, type ConfigSource } from '../database/configured.js';
import { chosenChecks } from '../doctor/chosen-checks.js';
import { databaseAccess } from '../doctor/database.js';
import { EXIT_CODES, nagiosText, reportOf, reportText, type DoctorReport } from '../doctor/report.js';
import { repositoryIn } from '../doctor/repository/repository.js';
import { runChecks, type CheckResult } from '../doctor/run-checks.js';
import { serviceAccess } from '../doctor/service/service.js';
import { settingsReader } from '../doctor/settings.js';
import { CommandError } from '../exit-codes.js';
import { said, wholeNumber } from '../option-values.js';
import { printResult } from '../print-result.js';
import type { Terminal } from '../terminal.js';
import { MIGRATIONS_DIR, withMigrationSource, type MigrationSource } from './migrate/migrator-of.js';

interface DoctorOptions extends ConfigSource, MigrationSource {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly replicas?: number;
  readonly balancerIdle?: number;
  readonly openapi?: string;
  readonly timeout?: number;
  readonly nagios?: true;
  readonly json?: true;
}

const DEFAULTS = Object.freeze({
  timeout: 10,
  // What the usual load balancers keep an idle connection.
  balancerIdle: 60,
  openapi: '/api-docs/openapi.json',
});
const MAX_SECONDS = 600;
const MAX_REPLICAS = 100_000;

const EXPLAINED = `
Reads the files of this folder and the settings, asks the database, and with a URL the running service. Changes nothing,
and sends only requests that read or that no route sees.
Exit codes: 0 all is well, 1 warnings, 2 failures, or called wrongly.`;

export function doctor(program: Command, terminal: Terminal): void {
  const command = program
    .command('doctor')
    .summary('find what is wrong with the service')
    .description(
      'Finds what is wrong with the repository, the settings, the database and, given its URL, the running service.',
    )
    .argument('[url]', 'where the service runs, e.g. https://api.example.com', url)
    .option('--only <id>', 'this check or group alone, e.g. probes.type or security; can be repeated', collected, [])
    .option('--skip <id>', 'without this check or group; can be repeated', collected, [])
    .option(
      '--replicas <number>',
      'instances that share the database (default: by the manifests)',
      wholeNumber(1, MAX_REPLICAS),
    )
    .option(
      '--balancer-idle <seconds>',
      `how long the load balancer keeps an idle connection (default: ${DEFAULTS.balancerIdle})`,
      wholeNumber(0, MAX_SECONDS),
    )
    .option('--openapi <path>', `path of the OpenAPI document of the service (default: ${DEFAULTS.openapi})`, said)
    .option(
      '--timeout <seconds>',
      `how long each check may take (default: ${DEFAULTS.timeout})`,
      wholeNumber(1, MAX_SECONDS),
    )
    .option('--nagios', 'one line, as plugins of Nagios print it')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXPLAINED);
  withConfigSource(withMigrationSource(command)).action((given: URL | undefined, options: DoctorOptions) =>
    look(given, options, terminal),
  );
}

async function look(given: URL | undefined, options: DoctorOptions, terminal: Terminal): Promise<void> {
  if (options.nagios === true && options.json === true) throw new CommandError('say either --nagios or --json');
  const report = await examined(given, options, terminal);
  await printResult({ terminal, options }, report, options.nagios === true ? nagiosText(report) : reportText(report));
  terminal.exitCode = EXIT_CODES[report.status];
}

async function examined(given: URL | undefined, options: DoctorOptions, { env }: Terminal): Promise<DoctorReport> {
  const checks = chosenChecks(options.only, options.skip);
  const settingsFor = await settingsReader(options);
  const settings = settingsFor({ env, hasEnvFile: true });
  const known = typeof settings === 'string' ? undefined : settings;
  const timeoutMs = (options.timeout ?? DEFAULTS.timeout) * 1000;
  // Below the time of a check: so that it can say what did not answer.
  const database = databaseAccess(settings, timeoutMs / 2);
  const service = serviceAccess(given, timeoutMs / 2);
  const repository = repositoryIn(process.cwd());
  const results: CheckResult[] = await runChecks(checks, {
    timeoutMs,
    sources: {
      repository: () => Promise.resolve(repository),
      settings: () => Promise.resolve(known ?? { absent: 'the settings cannot be read: see config.settings' }),
      database: () => database.open(),
      service: () => service.open(),
    },
    circumstances: {
      known,
      settingsFor,
      hasProfiles: options.profile !== undefined,
      env,
      url: given,
      replicas: options.replicas,
      migrations: { dir: options.dir ?? MIGRATIONS_DIR, table: options.table },
      balancerIdleMs: (options.balancerIdle ?? DEFAULTS.balancerIdle) * 1000,
      openApiPath: options.openapi ?? DEFAULTS.openapi,
    },
  });
  service.close();
  await database.close();
  const redactor = createRedactor();
  if (known !== undefined) redactor.registerSecrets(secretValues(known));
  return reportOf(results, (text) => redactor.text(text));
}

function url(value: string, before: unknown): URL {
  const given = URL.canParse(said(value, before)) ? new URL(value) : undefined;
  if (given?.username === '' && given.password === '' && /^https?:$/.test(given.protocol)) return given;
  throw new InvalidArgumentError('It must be a URL of http or https, without a password.');
}

function collected(id: string, before: readonly string[]): readonly string[] {
  return [...before, ...id.split(',')];
}
