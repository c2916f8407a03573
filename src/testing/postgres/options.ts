import { isText } from '../../core/checks.js';
import { resolveOptions } from '../../core/options.js';
import { resolveEmbeddedPostgresOptions, type EmbeddedPostgresOptions } from '../embedded-postgres/options.js';

export interface TestPostgresOptions extends Pick<EmbeddedPostgresOptions, 'from' | 'settings' | 'startTimeoutMs'> {
  /**
   * Connection string of a server that is there, for a user who may create databases: nothing is started then, and
   * `settings` and `startTimeoutMs` say nothing.
   */
  url?: string;
}

type TestPostgresSettings = Pick<TestPostgresOptions, 'url' | 'settings' | 'startTimeoutMs'> & {
  readonly from: string | URL;
};

export function resolveTestPostgresOptions(options?: TestPostgresOptions): TestPostgresSettings {
  const said = resolveOptions<TestPostgresOptions, object>(
    'testPostgres',
    options,
    {},
    {
      url: isText,
      from: checkedByTheServer,
      settings: checkedByTheServer,
      startTimeoutMs: checkedByTheServer,
    },
  );
  const { url, ...server } = said;
  const { from, settings, startTimeoutMs } = resolveEmbeddedPostgresOptions(server);
  return { url, from, settings, startTimeoutMs };
}

const checkedByTheServer = (): undefined => undefined;
