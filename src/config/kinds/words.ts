import { NODE_ENVS, type NodeEnv } from '../config.js';
import type { Kind } from './kind.js';

/** What `folderOrNone()` reads where there is to be none. */
export const NO_FOLDER = 'none';

const BOOLEANS = new Map([
  ...['true', '1', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'off'].map((word) => [word, false] as const),
]);

export function boolean(): Kind<boolean> {
  return {
    accepts: '`true`, `false` (also `1`/`0`, `yes`/`no`, `on`/`off`)',
    read(text) {
      const value = BOOLEANS.get(text.toLowerCase());
      return value === undefined
        ? { problem: 'must be true or false (1/0, yes/no and on/off are fine too)' }
        : { value };
    },
  };
}

/** Upper and lower case alike. */
export function oneOf<const Word extends string>(words: readonly Word[], hint = ''): Kind<Word> {
  return {
    accepts: words.map((word) => `\`${word}\``).join(', '),
    read(text) {
      const value = words.find((word) => isSameWord(word, text));
      return value === undefined ? { problem: `must be one of ${words.join(', ')}${hint}` } : { value };
    },
  };
}

/** Any number of words; `none` for none. */
export function someOf<const Word extends string>(words: readonly Word[]): Kind<Word[]> {
  return {
    accepts: `list of ${words.map((word) => `\`${word}\``).join(', ')}; \`none\` for none`,
    read(text) {
      const items = text === '' || isSameWord('none', text) ? [] : text.split(',').map((item) => item.trim());
      const found = items.map((item) => words.find((word) => isSameWord(word, item)));
      const known = found.filter((word) => word !== undefined);
      return known.length === found.length
        ? { value: [...new Set(known)] }
        : { problem: `must be a list of ${words.join(', ')}, or none` };
    },
  };
}

function isSameWord(word: string, text: string): boolean {
  return word.toLowerCase() === text.toLowerCase();
}

/** Three words in a fixed order, best first. */
export function threeWords(example: string): Kind<readonly [string, string, string]> {
  return {
    accepts: `three words, best first: \`${example}\``,
    read(text) {
      const [best = '', middle = '', worst = '', ...more] = text.split(',').map((word) => word.trim());
      const areWords = more.length === 0 && [best, middle, worst].every((word) => /^[A-Za-z][\w-]{0,31}$/.test(word));
      return areWords
        ? { value: [best, middle, worst] }
        : { problem: `must be three words separated by commas, best first, e.g. ${example}` };
    },
  };
}

/** Words that people write for an environment; taken with a warning, because Express and others compare exactly. */
export const NODE_ENV_SHORTHANDS: Readonly<Partial<Record<string, NodeEnv>>> = Object.freeze({
  prod: 'production',
  dev: 'development',
  stage: 'staging',
  testing: 'test',
});

export function nodeEnv(): Kind<NodeEnv> {
  const exact = oneOf(NODE_ENVS);
  return {
    accepts: exact.accepts,
    read(text) {
      const word = text.toLowerCase();
      const shorthand = Object.hasOwn(NODE_ENV_SHORTHANDS, word) ? NODE_ENV_SHORTHANDS[word] : undefined;
      return shorthand === undefined ? exact.read(text) : { value: shorthand };
    },
  };
}

// C0 controls and DEL: no name, path or credential holds them, but a broken file does.
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f]/;

/** Anything on one line. */
export function text(accepts = 'text'): Kind<string> {
  return {
    accepts,
    read(value) {
      if (value === '') return { problem: 'must not be empty' };
      if (CONTROLS.test(value)) return { problem: 'must stand on one line, without control characters' };
      return { value };
    },
  };
}

/** A folder, or the word `none`, by which a more insistent source takes back the folder of another. */
export function folderOrNone(): Kind<string> {
  const folder = text('path; `none` for none');
  return { ...folder, read: (value) => (isSameWord(NO_FOLDER, value) ? { value: NO_FOLDER } : folder.read(value)) };
}

/** Names of fields, in whatever spelling. */
export function fieldNames(): Kind<string[]> {
  return {
    accepts: 'list: `iban,nationalId`',
    read(value) {
      const names = value.split(',').map((name) => name.trim());
      const given = names.filter((name) => name !== '');
      return given.every((name) => /^[\p{L}\p{N}_.-]{1,64}$/u.test(name))
        ? { value: given }
        : { problem: 'must be names of fields separated by commas, e.g. iban,nationalId' };
    },
  };
}

export function profileName(): Kind<string> {
  return {
    accepts: 'name: letters, digits, `-`, `_`',
    read: (value) =>
      /^[A-Za-z0-9_-]{1,64}$/.test(value)
        ? { value }
        : { problem: 'must be a name of at most 64 letters, digits, - and _' },
  };
}
