import { check } from '../doctor-check.js';
import { skip } from '../finding.js';
import { composeServicesIn } from '../repository/compose-services.js';
import { unlessIgnored } from '../repository/ignored.js';
import { budgetFinding } from './budget.js';

const ID = 'compose.grace-period';

export const composeGracePeriod = check({
  id: ID,
  title: 'whether a drain fits below the stop_grace_period of compose files',
  needs: ['repository'],
  async run({ repository, settingsFor }) {
    const services = await composeServicesIn(repository);
    if (services.length === 0) return skip('there is no compose file with this service');
    return services.flatMap(({ file, text, name, env, stopAfterMs }) => {
      const settings = settingsFor({ env, hasEnvFile: false });
      if (typeof settings === 'string') return [skip(`the settings of ${name} cannot be read: ${settings}`, file)];
      const kill = { by: `Docker (stop_grace_period of ${name})`, afterMs: stopAfterMs, file };
      return unlessIgnored(ID, text, [budgetFinding(kill, settings)]);
    });
  },
});
