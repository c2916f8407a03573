import { join } from 'node:path';

/** Where the embedded Postgres of the tests comes from: a folder with another version of it, if the environment names one. */
export function postgresFrom(here: string): string {
  const { TEST_POSTGRES_FROM: folder } = process.env;
  // A blank variable is one that is not set.
  return folder === undefined || folder === '' ? here : join(folder, 'package.json');
}
