// Characters of base64 that hold nothing but the secret, whatever stands before it: one set for each of three positions.
const POSITIONS = [
  { before: 0, skipped: 0 },
  { before: 1, skipped: 2 },
  { before: 2, skipped: 3 },
] as const;
const BITS_PER_BYTE = 8;
const BITS_PER_CHARACTER = 6;

/** The ways in which a secret is written as it is: raw, escaped for JSON up to three times, encoded for a URL, as hex. */
export function wholeForms(secret: string): string[] {
  const once = inJson(secret);
  const twice = inJson(once);
  const forUrl = encodeURIComponent(Buffer.from(secret).toString());
  const hex = Buffer.from(secret).toString('hex');
  return unique([
    ...[secret, once, twice, inJson(twice), inJson(inJson(twice))],
    // As PHP and as serialisers that keep to ASCII write it.
    ...[once.replaceAll('/', '\\/'), inJson(once.replaceAll('/', '\\/')), inAscii(once), inJson(inAscii(once))],
    ...[forUrl, forUrl.replace(/%../g, (code) => code.toLowerCase()), forUrl.replaceAll('%20', '+')],
    ...[hex, hex.toUpperCase()],
  ]);
}

/** Parts of every base64 text in which the secret stands, in both alphabets. */
export function base64Parts(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return unique(
    POSITIONS.flatMap(({ before, skipped }) => {
      const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
      const end = Math.floor(((before + bytes.length) * BITS_PER_BYTE) / BITS_PER_CHARACTER);
      const part = text.slice(skipped, end);
      return [part, part.replaceAll('+', '-').replaceAll('/', '_')];
    }),
  );
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function inAscii(text: string): string {
  return text.replace(/[^ -~]|[<>&]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
