import type { Config } from '../../../index.js';
import { check, type Circumstances } from '../doctor-check.js';
import { fail, ok, skip, type Finding } from '../finding.js';
import { deploymentsIn, type Deployment } from '../repository/deployments.js';
import { unlessIgnored } from '../repository/ignored.js';
import type { Repository } from '../repository/repository.js';

const ID = 'kubernetes.settings';

export const kubernetesSettings = check({
  id: ID,
  title: 'the settings that manifests of Kubernetes give',
  needs: ['repository'],
  async run({ repository, settingsFor }) {
    const { deployments, unreadable } = await deploymentsIn(repository);
    const broken = unreadable.map((file) =>
      fail('it is no YAML', 'kubectl apply --dry-run=client -f says where', file),
    );
    if (deployments.length === 0 && broken.length === 0)
      return skip('there is no manifest of Kubernetes for this service');
    const found = deployments.flatMap((one) => unlessIgnored(ID, one.text, [findingOf(one, settingsFor)]));
    return [...broken, ...found];
  },
});

function findingOf(deployment: Deployment, settingsFor: Circumstances['settingsFor']): Finding {
  const settings = settingsOf(deployment, settingsFor);
  const { name, file } = deployment;
  if (typeof settings !== 'string') return ok(`${name} has settings that can be read`, file);
  return fail(`${name} would not start: ${settings}`, 'mend its env; docs/configuration.md has every variable', file);
}

/** What the service would read in this pod. What comes from secrets and config maps is not known here. */
export function settingsOf({ env }: Deployment, settingsFor: Circumstances['settingsFor']): Config | string {
  return settingsFor({ env: { ...env, KUBERNETES_SERVICE_HOST: '10.0.0.1' }, hasEnvFile: false });
}

/** A finding for each manifest whose settings can be read, or why there is none. */
export async function perDeployment(
  id: string,
  {
    repository,
    settingsFor,
    hasProfiles,
  }: Pick<Circumstances, 'settingsFor' | 'hasProfiles'> & { repository: Repository },
  findings: (deployment: Deployment, settings: Config) => Finding[],
): Promise<Finding[]> {
  const { deployments } = await deploymentsIn(repository);
  if (deployments.length === 0) return [skip('there is no manifest of Kubernetes for this service')];
  return deployments.flatMap((deployment) => {
    if (deployment.env.OPS_PROFILE !== undefined && !hasProfiles) {
      return [skip('OPS_PROFILE stands for defaults that only --profile tells', deployment.file)];
    }
    const settings = settingsOf(deployment, settingsFor);
    if (typeof settings === 'string') return [skip(`see ${ID}`, deployment.file)];
    return unlessIgnored(id, deployment.text, findings(deployment, settings));
  });
}
