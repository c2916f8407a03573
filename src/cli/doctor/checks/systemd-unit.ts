import { check, type Circumstances } from '../doctor-check.js';
import { fail, skip, type Finding } from '../finding.js';
import { unlessIgnored } from '../repository/ignored.js';
import { systemdUnitsIn, type SystemdUnit } from '../repository/systemd-units.js';
import { budgetFinding } from './budget.js';

const ID = 'systemd.unit';

export const systemdUnit = check({
  id: ID,
  title: 'whether units of systemd start node itself, and let it drain',
  needs: ['repository'],
  async run({ repository, settingsFor }) {
    const units = await systemdUnitsIn(repository);
    if (units.length === 0) return skip('there is no unit of systemd that runs node');
    return units.flatMap((unit) => unlessIgnored(ID, unit.text, findingsOf(unit, settingsFor)));
  },
});

function findingsOf(unit: SystemdUnit, settingsFor: Circumstances['settingsFor']): Finding[] {
  const { file, program, killSignal, stopAfterMs, env } = unit;
  const found: Finding[] = [];
  if (program !== 'node') {
    const cure = 'ExecStart=/usr/bin/node dist/index.js';
    found.push(fail(`it starts ${program}, which does not wait for the drain`, cure, file));
  }
  if (!/^SIG(?:TERM|INT)$/.test(killSignal)) {
    found.push(fail(`KillSignal is ${killSignal}, which does not drain`, 'KillSignal=SIGTERM', file));
  }
  const settings = settingsFor({ env, hasEnvFile: true });
  if (typeof settings === 'string') return [...found, skip('its settings cannot be read: see config.settings', file)];
  return [...found, budgetFinding({ by: 'systemd (TimeoutStopSec)', afterMs: stopAfterMs, file }, settings)];
}
