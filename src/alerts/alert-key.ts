import { createHash } from 'node:crypto';

/** PagerDuty takes no longer one. */
const MAX_LENGTH = 255;

/** What makes two messages messages about one alert. What was sent has keys of its own: a rule may have the same name. */
export function alertKey(service: string, kind: 'rule' | 'sent', name: string, resource: string | undefined): string {
  const key = [service, ...(kind === 'sent' ? ['sent'] : []), name, ...(resource === undefined ? [] : [resource])].join(
    '/',
  );
  return key.length <= MAX_LENGTH ? key : `${service.slice(0, 100)}/${createHash('sha256').update(key).digest('hex')}`;
}
