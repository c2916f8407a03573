// Fills the pages of docs/reference: `<!-- options: Name -->` with what may be said and `<!-- members: Name -->` with what an object
// can do, both from the types and up to `<!-- end -->`; and the code below `<!-- test/reference/examples/… -->` from that file.
// `npm run generate` writes them, test/repo/generated.test.ts compares.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSources } from './reference/sources.mjs';
import { membersTable, optionsTable } from './reference/tables.mjs';

const FOLDER = 'docs/reference';

const REGION = /<!-- (options|members): (\w+) -->\n[^]*?<!-- end -->/g;
const EXAMPLE = /<!-- (test\/reference\/examples\/[\w-]+\.ts) -->\n\n```ts\n[^]*?^```$/gm;

/** The sources below `root` as users see them, and the pages with the tables that they ask for. */
export function createReference(root) {
  const sources = createSources();
  const entries = entryFiles(root);
  const publicNames = new Set(entries.flatMap(sources.exportsOf));
  const types = { sources, publicNames };
  const pages = readdirSync(join(root, FOLDER))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(root, FOLDER, name), 'utf8') }));
  const homes = new Map(pages.flatMap(({ name, text }) => shownIn(text, 'options').map((shown) => [shown, name])));

  function publicType(name) {
    for (const entry of entries) {
      if (!sources.exportsOf(entry).includes(name)) continue;
      const found = sources.find(name, entry);
      if (found !== undefined) return found;
    }
    throw new Error(`${name} is exported by no entry of the package`);
  }

  /** The text of a page with tables and code as they are now. Throws for a table of what is not public. */
  function filled(text, page) {
    const linkTo = (name) => (homes.get(name) === page ? undefined : homes.get(name));
    const withCode = text.replace(
      EXAMPLE,
      (_region, path) => `<!-- ${path} -->\n\n\`\`\`ts\n${readFileSync(join(root, path), 'utf8')}\`\`\``,
    );
    return withCode.replace(REGION, (_region, kind, name) => {
      const found = publicType(name);
      const table = kind === 'options' ? optionsTable(name, found, types, linkTo) : membersTable(found, sources);
      return `<!-- ${kind}: ${name} -->\n\n${table}\n\n<!-- end -->`;
    });
  }

  return {
    pages: pages.map(({ name, text }) => ({ path: `${FOLDER}/${name}`, text, filled: filled(text, name) })),
    filled,
    /** What the pages have tables of. */
    shown: [...homes.keys()],
    /** The names of all options that a user can pass. */
    optionNames: [...publicNames].filter((name) => /^[A-Z]\w*Options$/.test(name)).sort(),
  };
}

function shownIn(text, kind) {
  return [...text.matchAll(REGION)].filter((match) => match[1] === kind).map((match) => match[2]);
}

/** One file for each entry of package.json. */
function entryFiles(root) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys(exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => join(root, 'src', entry, 'index.ts'));
}
