// Compares the public API of the build, names and signatures of every entry, with the lists that are checked in.
// After a wanted change `npm run generate:api` writes them anew; their diff is what a reviewer reads.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = join(root, 'test/repo/api');
const built = join(root, '.data/api');
const isUpdate = process.argv.includes('--update');

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.values(exports)
  .map((target) => target.import?.types)
  .filter((types) => types !== undefined)
  .map((types) => ({ types: join(root, types), report: reportOf(types) }));

mkdirSync(reports, { recursive: true });
mkdirSync(built, { recursive: true });
const wrong = [...entries.flatMap(compare), ...reportsWithoutEntry()];
if (wrong.length > 0) {
  process.stderr.write(`${wrong.join('\n')}\nIf the change is wanted: npm run generate:api\n`);
  process.exit(1);
}

function reportOf(types) {
  return `${/([^/]+)\.d\.ts$/.exec(types)[1]}.api.md`;
}

function compare({ types, report }) {
  if (!existsSync(types)) return [`${types} is not built: npm run build`];
  const problems = [];
  Extractor.invoke(configOf(types), {
    localBuild: true,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === 'error') problems.push(`${report}: ${message.text}`);
    },
  });
  const now = withSortedUnions(readFileSync(join(built, report), 'utf8'));
  writeFileSync(join(built, report), now);
  if (isUpdate) writeFileSync(join(reports, report), now);
  else if (!existsSync(join(reports, report)) || readFileSync(join(reports, report), 'utf8') !== now)
    problems.push(`The public API differs from test/repo/api/${report}:`, diff(report));
  return problems;
}

// The compiler prints the members of an inferred union in the order in which it met them, which differs from run to run.
function withSortedUnions(text) {
  return text.replace(/(?:"[^"\n]*"|\b\d+\b)(?: \| (?:"[^"\n]*"|\d+\b))+/g, (union) =>
    union.split(' | ').sort().join(' | '),
  );
}

function configOf(types) {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: types,
      compiler: { tsconfigFilePath: join(root, 'tsconfig.json') },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: reportOf(types),
        reportFolder: built,
        reportTempFolder: join(built, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          // There are no release tags: what is exported is public.
          'ae-missing-release-tag': { logLevel: 'none' },
          // Types that are used but not exported stand in the report too: their change is a change for users.
          'ae-forgotten-export': { logLevel: 'none' },
          'ae-undocumented': { logLevel: 'none' },
          // To the extractor, a link to what another entry exports leads nowhere.
          'ae-unresolved-link': { logLevel: 'none' },
        },
        // Comments are for people who hover; they need not be TSDoc.
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
}

function diff(report) {
  const args = ['diff', '--no-index', '--no-color', '--unified=1', join(reports, report), join(built, report)];
  return spawnSync('git', args, { encoding: 'utf8' }).stdout;
}

function reportsWithoutEntry() {
  const extra = readdirSync(reports).filter((name) => !entries.some(({ report }) => report === name));
  if (isUpdate) for (const name of extra) rmSync(join(reports, name));
  return isUpdate ? [] : extra.map((name) => `test/repo/api/${name} belongs to no entry`);
}
