/** What may be uploaded, by its `Content-Type`, and the end of its name. Nothing of it is run by a browser that is told its type. */
export const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'text/csv': 'csv',
  'application/octet-stream': 'bin',
};

const NAME = new RegExp(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.(${Object.values(EXTENSIONS).join('|')})$`);

/** Names that this server gave. */
export function isUploadName(name: string): boolean {
  return NAME.test(name);
}

const PARTIAL_END = '.partial';

/** What an upload is called until it is whole. */
export function partialNameOf(name: string): string {
  return `.${name}${PARTIAL_END}`;
}

export function isPartialName(name: string): boolean {
  return name.startsWith('.') && name.endsWith(PARTIAL_END) && isUploadName(name.slice(1, -PARTIAL_END.length));
}
