const MAX_LENGTH = 8192;

/** What a handler threw, as the column `error` keeps it: its message, whatever it is; without NUL, which text does not take. */
export function errorText(thrown: unknown): string {
  return textOf(thrown).replaceAll('\0', '').slice(0, MAX_LENGTH);
}

function textOf(thrown: unknown): string {
  try {
    if (typeof thrown !== 'object' || thrown === null) return `thrown: ${String(thrown)}`;
    const { message, name } = thrown as { message?: unknown; name?: unknown };
    if (typeof message === 'string' && message !== '') return message;
    return typeof name === 'string' && name !== '' ? name : 'thrown: an object without a message';
  } catch {
    // A getter that throws, or an object without a text of its own.
    return 'thrown: something that cannot be read';
  }
}
