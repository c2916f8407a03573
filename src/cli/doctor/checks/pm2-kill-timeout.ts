import { check } from '../doctor-check.js';
import { fail, skip } from '../finding.js';
import { unlessIgnored } from '../repository/ignored.js';
import { pm2AppsIn } from '../repository/pm2-apps.js';
import { budgetFinding } from './budget.js';

const ID = 'pm2.kill-timeout';
const LOAD_CURE = 'a file of CommonJS cannot be .js in a package of "type": "module": call it ecosystem.config.cjs';

export const pm2KillTimeout = check({
  id: ID,
  title: 'whether a drain fits below the kill_timeout of pm2',
  needs: ['repository'],
  async run({ repository, settingsFor, env }) {
    const { apps, unreadable } = await pm2AppsIn(repository);
    if (apps.length === 0 && unreadable.length === 0) return skip('there is no ecosystem file of pm2');
    const broken = unreadable.map(({ file, reason }) => fail(`pm2 cannot load it: ${reason}`, LOAD_CURE, file));
    const found = apps.flatMap(({ file, text, name, killTimeoutMs, env: own }) => {
      // pm2 numbers its processes: some defaults go by that.
      const settings = settingsFor({ env: { ...env, ...own, pm_id: '0' }, hasEnvFile: true });
      if (typeof settings === 'string')
        return [skip(`the settings of ${name} cannot be read: see config.settings`, file)];
      const kill = { by: `pm2 (kill_timeout of ${name})`, afterMs: killTimeoutMs, file };
      return unlessIgnored(ID, text, [budgetFinding(kill, settings)]);
    });
    return [...broken, ...found];
  },
});
