import { BODIES, ENDLESS } from './bodies.js';
import { MIGRATION_FOLDERS, NO_BACKUPS, ODD_NAMES, WRONG_CALLS } from './command-lines.js';
import { CREDENTIALS } from './credentials.js';
import { ENVIRONMENT, ENVIRONMENT_FILES, NO_TIMES } from './environment.js';
import { GENERATED_TEXTS } from './generated-texts.js';
import { REPLACED, SPLITTING, TAKEN, TRACES } from './ids.js';
import { LOG_OBJECTS } from './log-objects.js';
import { ANSWERED, BROKEN_OFF, PIPELINED, REFUSED_BY_NODE } from './requests.js';
import { SCHEDULES } from './schedules.js';
import { CONNECTED_SINKS, SINK_URLS } from './sink-urls.js';
import { CHANNELS, IMPOSSIBLE_NAMES, LARGE_PAYLOAD, POSSIBLE_NAMES } from './sql-names.js';

/** One variant of an input. */
interface Variant {
  readonly id: number;
}

export interface Section {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The tests that run them, below `test/`. */
  readonly tests: readonly string[];
  readonly variants: readonly Variant[];
}

/** Most tell their number by name; ids and traces as `input`, what is a list as its first item. */
type Numbered = Variant | { readonly input: number } | readonly [id: number, ...rest: unknown[]];

function variants(...lists: readonly (readonly Numbered[])[]): Variant[] {
  return lists.flat().map((one) => {
    if ('id' in one) return one;
    return { id: 'input' in one ? one.input : one[0] };
  });
}

const REQUESTS = variants(REFUSED_BY_NODE, ANSWERED, BROKEN_OFF, [PIPELINED]);
const COMMANDS = variants(
  POSSIBLE_NAMES,
  IMPOSSIBLE_NAMES,
  CHANNELS,
  [LARGE_PAYLOAD],
  SCHEDULES,
  WRONG_CALLS,
  ODD_NAMES,
  NO_BACKUPS,
  MIGRATION_FOLDERS,
);
/** `/dev/full` and the texts that make patterns slow stand in their tests. */
const IN_TESTS = { fullDisk: [{ id: 244 }], slowTexts: [{ id: 161 }] };

const section = (
  name: string,
  from: number,
  to: number,
  tests: readonly string[],
  all: readonly Variant[],
): Section => ({
  name,
  from,
  to,
  tests,
  variants: all.filter(({ id }) => id >= from && id <= to),
});

/** All 267, as `reliability.md` of the project's references numbers them. */
export const SECTIONS: readonly Section[] = [
  section('headers and framing', 1, 41, ['server/hostile-requests'], REQUESTS),
  section('ids and tracing', 42, 65, ['correlation/hostile-ids'], variants(REPLACED, TAKEN, TRACES, [SPLITTING])),
  section('request lines and URLs', 66, 92, ['server/hostile-requests'], REQUESTS),
  section('JSON bodies', 93, 122, ['errors/hostile-bodies'], variants(BODIES, [ENDLESS])),
  section('wrong types', 123, 130, ['errors/hostile-bodies'], variants(BODIES)),
  section('log objects', 131, 166, ['logging/hostile-objects'], variants(LOG_OBJECTS, IN_TESTS.slowTexts)),
  section('environment', 167, 190, ['config/hostile-environment'], variants(ENVIRONMENT, ENVIRONMENT_FILES, NO_TIMES)),
  section('addresses of sinks', 191, 214, ['alerts/hostile-receivers'], variants(SINK_URLS, CONNECTED_SINKS)),
  section(
    'names, schedules, command line, generators',
    215,
    255,
    ['cli/db', 'cli/hostile-calls', 'jobs/hostile-jobs', 'alerts/generated-texts'],
    [...COMMANDS, ...variants(GENERATED_TEXTS, IN_TESTS.fullDisk)],
  ),
  section('credentials', 256, 267, ['reference-server/hostile-credentials'], variants(CREDENTIALS)),
];
