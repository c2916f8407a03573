import { check } from '../doctor-check.js';
import { fail, ok, warn } from '../finding.js';

const CURE = 'docs/configuration.md has every variable; express-runbook config print shows what is in force';

export const settingsValid = check({
  id: 'config.settings',
  title: 'the settings, as the service would read them here',
  needs: [],
  run({ settingsFor, env }) {
    const settings = settingsFor({ env, hasEnvFile: true });
    if (typeof settings === 'string') return fail(settings, CURE);
    if (settings.warnings.length > 0) return settings.warnings.map((warning) => warn(warning, CURE));
    return ok(`they can be read, for ${settings.nodeEnv}, profile ${settings.profile}`);
  },
});
