import { createSecretFinder } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, type Finding } from '../finding.js';
import { composeServicesIn } from '../repository/compose-services.js';
import { deploymentsIn } from '../repository/deployments.js';
import { dockerfilesIn, type Dockerfile } from '../repository/dockerfiles.js';
import { unlessIgnored } from '../repository/ignored.js';
import { pm2AppsIn } from '../repository/pm2-apps.js';
import type { Repository } from '../repository/repository.js';
import { systemdUnitsIn } from '../repository/systemd-units.js';

const ID = 'security.secrets';
const CURE =
  'take it out, change it (it has been read), and hand it over by a secret of the platform or the environment';

interface Environment {
  readonly file: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
}

export const securitySecrets = check({
  id: ID,
  title: 'checklist 8: secrets come from the environment, not from files of the repository',
  needs: ['repository'],
  async run({ repository }) {
    const found = [...(await ofEnvFile(repository)), ...(await environmentsIn(repository)).flatMap(ofEnvironment)];
    return found.some(({ status }) => status !== 'OK') ? found : ok('no manifest, image, unit or file of pm2 has one');
  },
});

async function environmentsIn(repository: Repository): Promise<Environment[]> {
  const { deployments } = await deploymentsIn(repository);
  const { apps } = await pm2AppsIn(repository);
  const images = (await dockerfilesIn(repository)).map((one) => ({ ...one, env: bakedInto(one) }));
  const others = [...(await composeServicesIn(repository)), ...(await systemdUnitsIn(repository))];
  return [...deployments, ...apps, ...images, ...others];
}

function ofEnvironment({ file, text, env }: Environment): Finding[] {
  const finder = createSecretFinder();
  const names = Object.entries(env).flatMap(([name, value]) =>
    finder.kindsIn(JSON.stringify({ [name]: value })).length > 0 ? [name] : [],
  );
  return unlessIgnored(
    ID,
    text,
    names.map((name) => fail(`the value of ${name} stands in it`, CURE, file)),
  );
}

/** What `ENV` and the defaults of `ARG` say: both are in the image for whoever pulls it. */
function bakedInto({ instructions }: Dockerfile): Record<string, string> {
  const said = instructions.filter(({ name }) => name === 'ENV' || name === 'ARG');
  const pairs = said.flatMap(({ name, value }) => {
    // The old form, with one name and a blank, is still built.
    const old = name === 'ENV' ? /^(\w+)\s+(.*)$/.exec(value) : null;
    return old === null ? [...value.matchAll(/(\w+)=("[^"]*"|'[^']*'|\S*)/g)] : [old];
  });
  return Object.fromEntries(pairs.map(([, name = '', text = '']) => [name, text.replace(/^(["'])(.*)\1$/, '$2')]));
}

/** As git reads it, for the usual ways to write it. */
const IGNORES_ENV = /^(?:\*\*\/|\/)?(?:\.env(?:\*|\.\*)?|\*\.env)$/m;

async function ofEnvFile(repository: Repository): Promise<Finding[]> {
  const isThere = (await repository.text('.env')) !== undefined;
  if (!isThere || (await repository.above('.git/HEAD')) === undefined) return [];
  const ignored = await repository.above('.gitignore');
  if (ignored !== undefined && IGNORES_ENV.test(ignored.text)) return [];
  return [
    fail('git does not ignore .env', 'a line .env in .gitignore; git rm --cached .env when it was committed', '.env'),
  ];
}
