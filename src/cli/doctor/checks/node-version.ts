import { check } from '../doctor-check.js';
import { fail, ok, type Finding } from '../finding.js';
import { baseImageOf, dockerfilesIn, type Dockerfile } from '../repository/dockerfiles.js';
import { unlessIgnored } from '../repository/ignored.js';

const ID = 'node.version';
type Version = readonly [major: number, minor: number];

/** What this package asks for: `engines` of its package.json. */
const OLDEST: Version = [20, 19];
const CURE = 'Node 20.19 or later: older ones are not supported, by this package nor by Node';

export const nodeVersion = check({
  id: ID,
  title: 'the version of Node: here, in package.json and in the image',
  needs: ['repository'],
  async run({ repository }) {
    const needed = neededBy((await repository.text('package.json')) ?? '{}');
    const images = (await dockerfilesIn(repository)).flatMap((one) =>
      unlessIgnored(ID, one.text, ofImage(one, needed)),
    );
    return [ofProcess(needed), ...images];
  },
});

function ofProcess(needed: Version): Finding {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (isBelow([major, minor], needed)) return fail(`Node ${node} runs this; ${shown(needed)} is needed`, CURE);
  return ok(`Node ${node} runs this; ${shown(needed)} is needed`);
}

function ofImage(dockerfile: Dockerfile, needed: Version): Finding[] {
  const [, image, major, minor] = /(?:^|\/)(node:(\d+)(?:\.(\d+))?[^@\s]*)/.exec(baseImageOf(dockerfile) ?? '') ?? [];
  if (image === undefined) return [];
  // An image without a minor version is the newest of its major.
  const version: Version = [Number(major), minor === undefined ? Infinity : Number(minor)];
  const { file } = dockerfile;
  if (isBelow(version, needed)) return [fail(`the image is ${image}; ${shown(needed)} is needed`, CURE, file)];
  return [ok(`the image is ${image}`, file)];
}

/** The lowest version of `engines.node`, and never below ours. */
function neededBy(packageJson: string): Version {
  const { engines } = JSON.parse(packageJson) as { engines?: { node?: string } };
  const said = [...(engines?.node ?? '').matchAll(/(?:^|[^<\d.])v?(\d+)(?:\.(\d+))?/g)]
    .map(([, major, minor]): Version => [Number(major), Number(minor ?? 0)])
    .sort((one, other) => (isBelow(one, other) ? -1 : 1));
  const [lowest = OLDEST] = said;
  return isBelow(lowest, OLDEST) ? OLDEST : lowest;
}

function isBelow([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function shown([major, minor]: Version): string {
  return `${major}.${minor}`;
}
