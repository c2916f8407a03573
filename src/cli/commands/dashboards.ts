import { InvalidArgumentError, type Command } from 'commander';
import { grafanaDashboards, type DashboardLink } from '../../alerts/index.js';
import { generate, made, withGenerateOptions, type GenerateOptions } from '../generated/told.js';
import { said } from '../option-values.js';
import type { Terminal } from '../terminal.js';

interface DashboardsOptions extends GenerateOptions {
  readonly uid: string;
  readonly title?: string;
  readonly link: readonly DashboardLink[];
}

export function dashboards(program: Command, terminal: Terminal): void {
  const group = program
    .command('dashboards')
    .summary('Grafana dashboards')
    .description('Makes dashboards for Grafana of what the service shows on /metrics.');
  withGenerateOptions(group.command('generate'))
    .description('Makes four dashboards for Grafana: service, database, runtime, work.')
    .requiredOption('--uid <uid>', 'of the first one, /d/<uid>; the name of the service does well', said)
    .option('--title <text>', 'in front of the titles (default: the uid)', said)
    .option('--link <title=url>', 'on top of each; can be repeated', link, [])
    .action((options: DashboardsOptions) => run(options, terminal));
}

async function run(options: DashboardsOptions, terminal: Terminal): Promise<void> {
  const { uid, title, link: links } = options;
  const files = Object.entries(made(() => grafanaDashboards({ uid, title, links })));
  const texts = files.map(([name, content]) => [name, `${JSON.stringify(content, undefined, 2)}\n`]);
  await generate(terminal, options, Object.fromEntries(texts) as Record<string, string>);
}

function link(value: string, before: readonly DashboardLink[]): readonly DashboardLink[] {
  const [, title, url] = /^([^=]+)=(.+)$/s.exec(value) ?? [];
  if (title !== undefined && url !== undefined) return [...before, { title, url }];
  throw new InvalidArgumentError('It must be title=url, such as Prometheus=https://prometheus.example.');
}
