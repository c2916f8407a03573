import { createHash } from 'node:crypto';
import { plainText } from './states/postgres-text.js';

/** PagerDuty takes no longer one. */
const MAX_LENGTH = 255;

/** What makes two messages messages about one alert. What was sent has keys of its own: a rule may have the same name. */
export function alertKey(service: string, kind: 'rule' | 'sent', name: string, resource: string | undefined): string {
  const said = [
    service,
    ...(kind === 'sent' ? ['sent'] : []),
    name,
    ...(resource === undefined ? [] : [resource]),
  ].join('/');
  // As the store has it: a key that reads differently there would be another alert.
  const key = plainText(said);
  if (key.length <= MAX_LENGTH) return key;
  return plainText(`${service.slice(0, 100)}/${createHash('sha256').update(key).digest('hex')}`);
}
