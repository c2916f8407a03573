import { isOneOf } from '../core/checks.js';
import type { Alert } from './alert.js';
import { plainText } from './states/postgres-text.js';
import { SEVERITIES, type Severity } from './thresholds/index.js';

const MAX_NAME = 128;
const MAX_MESSAGE = 4000;
const MAX_METADATA = 16_384;

export interface Cleaner {
  text(text: string): string;
  value(value: unknown): unknown;
}

/** An alert without secrets, of bounded size, and plain data: it is sent where things go wrong, so nothing about it is refused. */
export function cleaned(
  given: Alert,
  cleaner: Cleaner | undefined,
): Alert & { readonly metadata: Record<string, unknown> } {
  const { name, severity, message, metadata, resource } = given;
  const text = (value: unknown, length: number): string => {
    const said = textOf(value);
    // The cut may leave half of a character.
    return plainText((cleaner?.text(said) ?? said).slice(0, length));
  };
  return {
    name: text(name, MAX_NAME),
    severity: knownSeverity(severity),
    message: text(message, MAX_MESSAGE),
    metadata: plain(cleaner === undefined ? metadata : cleaner.value(metadata)),
    ...(resource === undefined ? {} : { resource: text(resource, MAX_NAME) }),
  };
}

/** What a program without types calls otherwise is not harmless. */
function knownSeverity(severity: Severity): Severity {
  return isOneOf(SEVERITIES)(severity) === undefined ? severity : 'high';
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Error ? value.message : typeof value;
}

/** A copy: what is changed later is not sent. */
function plain(metadata: unknown): Record<string, unknown> {
  if (typeof metadata !== 'object' || metadata === null) return {};
  try {
    const text = JSON.stringify(metadata, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
    if (text.length > MAX_METADATA) return { note: `left out: ${String(text.length)} characters` };
    const copy = JSON.parse(text) as unknown;
    return typeof copy === 'object' && copy !== null ? { ...copy } : { value: copy };
  } catch {
    // Circles, getters that throw, a toJSON that gives nothing.
    return { note: 'left out: not to be written as JSON' };
  }
}
