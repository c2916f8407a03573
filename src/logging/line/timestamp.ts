/** The time of a line, as pino wants it: ISO 8601 in UTC with milliseconds. Formatted once per millisecond. */
export function isoTimestamp(): () => string {
  let writtenAt = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== writtenAt) {
      writtenAt = now;
      text = `,"timestamp":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

/** For lines without a time of their own. */
export function noTimestamp(): string {
  return '';
}
