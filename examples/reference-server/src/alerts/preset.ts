import { readFileSync } from 'node:fs';
import { ConfigError } from 'express-runbook';
import { ALERT_PRESETS, PLAIN_LEVELS, type AlertPreset } from 'express-runbook/alerts';
import { fromRoot } from '../settings.js';

const NOBODY: AlertPreset['receivers'] = { critical: [], high: [], medium: [], low: [] };

/** A preset by its name, or a JSON file of that form; what a file leaves out is empty. `createAlerts` looks at the rules. */
export function presetOf(nameOrFile: string): AlertPreset {
  if (Object.hasOwn(ALERT_PRESETS, nameOrFile)) return ALERT_PRESETS[nameOrFile as keyof typeof ALERT_PRESETS];
  if (!nameOrFile.endsWith('.json')) {
    const names = Object.keys(ALERT_PRESETS).join(', ');
    throw new ConfigError('ERR_ENVIRONMENT', 'ALERTS_PRESET', `must be one of ${names}, or a .json file`);
  }
  const said = parsed(fromRoot(nameOrFile));
  return {
    title: nameOrFile,
    rules: [],
    incidentLevels: PLAIN_LEVELS,
    ...said,
    receivers: { ...NOBODY, ...said.receivers },
  };
}

function parsed(path: string): Partial<AlertPreset> {
  try {
    const said: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof said === 'object' && said !== null) return said;
    throw new TypeError('it holds no object');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError('ERR_ENVIRONMENT', 'ALERTS_PRESET', `names a file that is no preset: ${reason}`);
  }
}
