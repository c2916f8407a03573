import type { AlertRule } from '../thresholds/index.js';
import type { Advice } from './advice.js';
import { BACKUP_ADVICE } from './backups.js';
import { REQUEST_ADVICE } from './requests.js';
import { RESOURCE_ADVICE } from './resources.js';
import { SERVICE_ADVICE, WORK_ADVICE } from './service.js';

const ADVICE: Readonly<Record<string, Advice>> = {
  ...REQUEST_ADVICE,
  ...RESOURCE_ADVICE,
  ...BACKUP_ADVICE,
  ...SERVICE_ADVICE,
  ...WORK_ADVICE,
};

/** The alerts that have a page. */
export const RUNBOOK_NAMES: readonly string[] = Object.freeze(Object.keys(ADVICE));

/**
 * A page per alert, by file name: what it means, what it does to users, how to find the cause, what helps. Rules of your own, whose
 * name has no page here, are left out: their `runbook` says where theirs is.
 */
export function runbookPages(names: readonly AlertRule['name'][]): Readonly<Record<string, string>> {
  const known = [...new Set(names)].filter((name) => Object.hasOwn(ADVICE, name));
  return Object.fromEntries(known.map((name) => [`${name}.md`, page(name, ADVICE[name])]));
}

function page(name: string, advice: Advice | undefined): string {
  // Only names that have advice come here.
  const { meaning, impact, diagnosis, cure } = advice ?? { meaning: '', impact: '', diagnosis: [], cure: [] };
  const commands = diagnosis.map(([command, tells]) => `${command}   # ${tells}`);
  return [
    `# ${name}`,
    `## Meaning\n\n${meaning}`,
    `## Impact\n\n${impact}`,
    `## Diagnosis\n\n\`\`\`bash\n${commands.join('\n')}\n\`\`\``,
    `## Cure\n\n${cure.map((step) => `- ${step}`).join('\n')}\n`,
  ].join('\n\n');
}
