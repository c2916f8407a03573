// https://www.w3.org/TR/trace-context-2/#tracestate-header-field-values
const MEMBER = /^[a-z\d][a-z\d_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const AROUND = /^[ \t]+|[ \t]+$/g;

const MAX_MEMBERS = 32;
// What every service must be able to pass on; a client may not make us send more than that with each call.
const MAX_CHARACTERS = 512;

/** The members in their order, when all of them are valid and there are not too many; else nothing, as if none had been sent. */
export function acceptedTraceState(header: string | string[]): string | undefined {
  // Node joins a repeated header, which is allowed here, with ", ".
  const text = typeof header === 'string' ? header : header.join();
  if (text.length > MAX_CHARACTERS) return undefined;
  const members = text
    .split(',')
    .map((member) => member.replace(AROUND, ''))
    .filter((member) => member !== '');
  const isValid = members.length <= MAX_MEMBERS && members.every((member) => MEMBER.test(member));
  return isValid && members.length > 0 ? members.join() : undefined;
}
