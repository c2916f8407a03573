import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

const IMPORT_OF_HTTP = /^import \{([^}]+)\} from ['"](?:node:)?http['"];$/gm;

/**
 * An ES import of a builtin asks each of its exports for its value. Since Node 22 those of `node:http` have getters that load
 * undici, for its WebSocket: 30 ms and 1.6 MB of memory at the start of every service. `process.getBuiltinModule` asks for what is named.
 */
export const httpWithoutItsGetters: Plugin = {
  name: 'http-without-its-getters',
  renderChunk(code) {
    if (this.format !== 'esm') return undefined;
    return {
      code: code.replaceAll(
        IMPORT_OF_HTTP,
        (_, names: string) => `const {${names.replaceAll(' as ', ': ')}} = process.getBuiltinModule("node:http");`,
      ),
    };
  },
};
