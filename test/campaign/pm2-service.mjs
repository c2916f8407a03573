import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { succeeded } from '../consumers/bounded-process.mjs';
import { ask, freePort, until } from './processes.mjs';

const SERVER = fileURLToPath(new URL('../../examples/reference-server/', import.meta.url));
const ECOSYSTEM = join(SERVER, 'ecosystem.config.js');
const NAME = 'builder-api';
export const WORKERS = 2;
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/** The built reference server under a pm2 of its own in `folder`: cluster mode, as the runbooks start it. */
export async function pm2Service(folder, databaseUrl) {
  const port = await freePort();
  const home = join(folder, 'pm2');
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PM2_HOME: home, TMPDIR: folder, LOG_DIR: folder, ENV_FILE: join(folder, 'none') };
  Object.assign(env, { NODE_ENV: 'development', HOST: '127.0.0.1', PORT: String(port), DATABASE_URL: databaseUrl });
  Object.assign(env, { RATE_LIMIT_MAX: '1000000' });
  const pm2 = (...args) =>
    succeeded(process.execPath, [join(folder, 'node_modules/pm2/bin/pm2'), ...args], { cwd: folder, env });
  return {
    url: `http://127.0.0.1:${port}`,
    async install() {
      await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
      const args = ['install', '--no-audit', '--no-fund', '--silent', 'pm2@7'];
      await succeeded('npm', args, { cwd: folder, timeoutMs: INSTALL_TIMEOUT_MS });
      const { version } = JSON.parse(await readFile(join(folder, 'node_modules/pm2/package.json'), 'utf8'));
      return version;
    },
    /** With the file that the runbooks start it with; only the number of workers does not depend on the machine. */
    async start() {
      const text = `const { apps: [app] } = require(${JSON.stringify(ECOSYSTEM)});
module.exports = { apps: [{ ...app, instances: ${WORKERS} }] };\n`;
      await writeFile(join(folder, 'ecosystem.config.js'), text);
      await pm2('start', 'ecosystem.config.js');
      const { stdout } = await pm2('jlist');
      const states = JSON.parse(stdout.slice(stdout.indexOf('[{'))).map(({ pm2_env: { status } }) => status);
      if (states.join() !== 'online,online') throw new Error(`workers are ${states.join()}`);
      return states.join(', ');
    },
    /** As a runbook prints it, `pm2 start dist/main.js --name …`: fork mode, one process. */
    async startPlain(name) {
      await pm2('start', join(SERVER, 'dist/main.js'), '--name', name);
      await until(
        'the service answers',
        async () => (await ask(`http://127.0.0.1:${port}/dev/items/0`)).status === 200,
      );
    },
    reload: (name = NAME) => pm2('reload', name),
    kill: () => pm2('kill'),
    /** How many requests each worker has in its log. */
    async answered() {
      const logs = (await readdir(join(home, 'logs'))).filter((file) => /-out-\d+\.log$/.test(file));
      const texts = await Promise.all(logs.map((file) => readFile(join(home, 'logs', file), 'utf8')));
      return texts.map((text) => text.match(/\/dev\/items\/7/g)?.length ?? 0);
    },
  };
}
