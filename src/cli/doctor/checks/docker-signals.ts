import { check } from '../doctor-check.js';
import { fail, ok, skip, warn, type Finding } from '../finding.js';
import { dockerfilesIn, type Dockerfile } from '../repository/dockerfiles.js';
import { unlessIgnored } from '../repository/ignored.js';

const ID = 'docker.signals';
const CURE =
  'CMD ["node", "dist/index.js"]: process 1 must be node itself, or an init such as tini that passes signals on';
const PACKAGE_MANAGERS = new Set(['npm', 'npx', 'yarn', 'pnpm', 'bun']);
const INITS = new Set(['tini', 'dumb-init', 'catatonit', 'pm2-runtime']);
const SHELLS = new Set(['sh', 'bash', 'ash', 'dash']);

export const dockerSignals = check({
  id: ID,
  title: 'whether the image hands SIGTERM to node',
  needs: ['repository'],
  async run({ repository }) {
    const dockerfiles = await dockerfilesIn(repository);
    if (dockerfiles.length === 0) return skip('there is no Dockerfile');
    return dockerfiles.flatMap((dockerfile) => unlessIgnored(ID, dockerfile.text, [findingOf(dockerfile)]));
  },
});

function findingOf({ file, finalStage }: Dockerfile): Finding {
  const last = (wanted: string): string | undefined => finalStage.findLast(({ name }) => name === wanted)?.value;
  const stopSignal = last('STOPSIGNAL');
  if (stopSignal !== undefined && !/^(?:SIG)?(?:TERM|INT)$/.test(stopSignal)) {
    return fail(
      `STOPSIGNAL is ${stopSignal}, which does not drain`,
      'leave STOPSIGNAL out: SIGTERM is what drains',
      file,
    );
  }
  const [entrypoint, command] = [last('ENTRYPOINT'), last('CMD')];
  if (entrypoint === undefined && command === undefined) return warn('it says no CMD: the image decides', CURE, file);
  const words = wordsOf(entrypoint);
  // The shell form of ENTRYPOINT leaves CMD out.
  const all =
    words === undefined
      ? undefined
      : entrypoint === undefined
        ? wordsOf(command)
        : [...words, ...(wordsOf(command) ?? [])];
  return all === undefined ? ofShellForm(entrypoint ?? command ?? '', file) : ofWords(all, file);
}

/** The words of the exec form, none for nothing; undefined for the shell form. */
function wordsOf(value: string | undefined): string[] | undefined {
  if (value === undefined) return [];
  try {
    const words = JSON.parse(value) as unknown;
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}

function ofShellForm(value: string, file: string): Finding {
  if (/^exec\s+node\b/.test(value)) return ok('the shell gives its place to node', file);
  return fail(`"${value}" is the shell form: a shell is process 1 and keeps SIGTERM to itself`, CURE, file);
}

function ofWords(words: readonly string[], file: string): Finding {
  const [first = '', ...rest] = words;
  const program = first.replace(/^.*\//, '');
  if (INITS.has(program)) return ok(`${program} passes signals on`, file);
  if (program === 'docker-entrypoint.sh') return ofWords(rest, file);
  if (PACKAGE_MANAGERS.has(program)) return fail(`${program} is process 1 and does not pass SIGTERM on`, CURE, file);
  if (SHELLS.has(program) || program.endsWith('.sh')) {
    const isExec = /\bexec\s+node\b/.test(rest.join(' '));
    return isExec
      ? ok('the shell gives its place to node', file)
      : fail(`${program} is process 1 and keeps SIGTERM to itself`, CURE, file);
  }
  return ok(`${program} is process 1`, file);
}
