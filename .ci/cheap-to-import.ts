import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

const IMPORT_OF_HTTP = /^import \{([^}]+)\} from ['"](?:node:)?http['"];$/gm;
const NOT_ASCII = /\P{ASCII}/gu;

/**
 * What the built code costs whoever imports it (P12).
 *
 * An ES import of a builtin asks each of its exports for its value. Since Node 22 those of `node:http` have getters that load
 * undici, for its WebSocket: 30 ms and 1.6 MB. `process.getBuiltinModule` asks for what is named.
 *
 * A single character beyond Latin-1 has V8 keep the text of the whole file with two bytes for each. esbuild leaves them in comments
 * and regular expressions, and in both an escape says the same.
 */
export const cheapToImport: Plugin = {
  name: 'cheap-to-import',
  renderChunk(code) {
    const ascii = code.replaceAll(NOT_ASCII, (text) => text.split('').map(escaped).join(''));
    if (this.format !== 'esm') return { code: ascii };
    return {
      code: ascii.replaceAll(
        IMPORT_OF_HTTP,
        (_, names: string) => `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule("node:http");`,
      ),
    };
  },
};

/** One UTF-16 unit. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
