import { check } from '../doctor-check.js';
import { ok, skip, warn, type Finding } from '../finding.js';
import { unlessIgnored } from '../repository/ignored.js';
import { pm2AppsIn, type Pm2App } from '../repository/pm2-apps.js';

const ID = 'pm2.reload';

export const pm2Reload = check({
  id: ID,
  title: 'whether pm2 reload replaces processes without a gap',
  needs: ['repository'],
  async run({ repository }) {
    const { apps } = await pm2AppsIn(repository);
    if (apps.length === 0) return skip('there is no ecosystem file of pm2 that can be read');
    return apps.flatMap((app) => unlessIgnored(ID, app.text, [findingOf(app)]));
  },
});

function findingOf({ name, file, isCluster, waitsForReady }: Pm2App): Finding {
  if (!isCluster) {
    const says = `${name} runs in fork mode: on reload the old process is gone before the new one serves`;
    return warn(says, "exec_mode: 'cluster', with instances", file);
  }
  if (!waitsForReady) {
    const says = `${name} does not wait for ready: on reload a worker counts as up before it listens`;
    return warn(says, 'wait_ready: true, and a listen_timeout that is long enough', file);
  }
  return ok(`${name} is replaced worker by worker`, file);
}
