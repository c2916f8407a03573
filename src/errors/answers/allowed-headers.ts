import { validateHeaderValue } from 'node:http';
import { read } from '../read.js';

// An error may come from anywhere: it can say when to come again and how to ask, and end the connection,
// and set nothing else.
const ALLOWED = ['Retry-After', 'Allow', 'WWW-Authenticate', 'Connection'];

/** Those of the error's `headers` that may be sent, by their usual names. */
export function allowedHeaders(error: unknown): Record<string, string> {
  const headers = read(error, 'headers');
  const allowed: Record<string, string> = {};
  for (const name of ALLOWED) {
    const value = read(headers, name) ?? read(headers, name.toLowerCase());
    if ((typeof value === 'string' || typeof value === 'number') && isSendable(name, String(value))) {
      allowed[name] = String(value);
    }
  }
  return allowed;
}

function isSendable(name: string, value: string): boolean {
  if (name === 'Connection') return value.toLowerCase() === 'close';
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    // Node's only way to say no.
    return false;
  }
}
