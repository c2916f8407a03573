import { check } from '../doctor-check.js';
import { budgetFinding } from './budget.js';
import { perDeployment } from './kubernetes-settings.js';

const ID = 'kubernetes.grace-period';

export const kubernetesGracePeriod = check({
  id: ID,
  title: 'whether a drain fits below terminationGracePeriodSeconds',
  needs: ['repository'],
  run: (seen) =>
    perDeployment(ID, seen, ({ name, file, gracePeriodSeconds, preStopSeconds }, settings) => [
      budgetFinding(
        {
          by: `Kubernetes (terminationGracePeriodSeconds of ${name})`,
          afterMs: gracePeriodSeconds * 1000,
          beforeMs: preStopSeconds * 1000,
          file,
        },
        settings,
      ),
    ]),
});
