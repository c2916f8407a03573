import { DEFAULT_NODE_ENV, DEFAULT_PROFILE } from '../config.js';
import { boolean, nodeEnv, profileName, text } from '../kinds/words.js';
import { host, pathPrefix, proxies } from '../kinds/addresses.js';
import { port, timeMs, wholeNumber } from '../kinds/numbers.js';
import { whole } from './variable.js';

const group = 'Server';

export const SERVER_VARIABLES = {
  NODE_ENV: whole('nodeEnv', {
    group,
    kind: nodeEnv(),
    default: DEFAULT_NODE_ENV,
    description: 'Where the service runs; some defaults depend on it, and production refuses weak secrets.',
  }),
  OPS_PROFILE: whole('profile', {
    group,
    kind: profileName(),
    default: DEFAULT_PROFILE,
    description: 'Which profile (a set of defaults as plain data) the service takes.',
  }),
  HOST: whole('host', {
    group,
    kind: host('no socket path'),
    default: '0.0.0.0',
    description: 'Address that the server listens on.',
  }),
  PORT: whole('port', {
    group,
    kind: port(0),
    default: '3000',
    description: 'Port that the server listens on; 0 takes any free one.',
  }),
  API_PREFIX: whole('apiPrefix', {
    group,
    kind: pathPrefix(),
    default: 'api',
    description: 'Path before the API routes; health, metrics and API docs stay outside of it.',
  }),
  TRUST_PROXY: whole('trustProxy', {
    group,
    kind: proxies(),
    default: '',
    description: 'Proxies whose X-Forwarded-* headers are believed; nobody else can choose its own address.',
  }),
  HTTPS_HOST: whole('httpsHost', {
    group,
    kind: host('no socket path'),
    description: 'Name of the service over HTTPS: plain HTTP is sent there or refused, as TRUST_PROXY tells it apart.',
  }),
  DEV_ROUTES: whole('devRoutes', {
    group,
    kind: boolean(),
    default: 'true',
    defaultFor: { production: 'false' },
    description:
      'Whether routes for trying things out (slow, failing, echoing) exist; in staging and production also OPS_TOKEN or OPS_NETWORKS has to be there.',
  }),
  RATE_LIMIT_MAX: whole('rateLimit.max', {
    group,
    kind: wholeNumber(1, 1_000_000_000),
    default: '100',
    description: 'Requests that one client may make within the window.',
  }),
  RATE_LIMIT_WINDOW_MS: whole('rateLimit.windowMs', {
    group,
    kind: timeMs(1),
    default: '60000',
    description: 'Length of the rate limit window.',
  }),
  SHUTDOWN_DELAY_MS: whole('shutdown.delayMs', {
    group,
    kind: timeMs(0),
    default: {
      says: '`5000` under Kubernetes, `1000` under pm2, else `0`',
      of: ({ isKubernetes, isPm2 }) => (isKubernetes ? '5000' : isPm2 ? '1000' : '0'),
    },
    description: 'How long a server that was told to stop still serves, so that balancers can look away.',
  }),
  SHUTDOWN_TIMEOUT_MS: whole('shutdown.timeoutMs', {
    group,
    kind: timeMs(0),
    default: '10000',
    description: 'How long requests in flight may take after that before they are cut.',
  }),
  SHUTDOWN_KILL_AFTER_MS: whole('shutdown.killAfterMs', {
    group,
    kind: timeMs(1),
    description: 'When the supervisor kills a process that was told to stop; delay and time-out must fit below it.',
  }),
  NOTIFY_SOCKET: whole('shutdown.notifySocket', {
    group,
    kind: text('path'),
    description: 'Where systemd is told that the service is ready, reloading or stopping; systemd sets it.',
  }),
  MAINTENANCE_FILE: whole('maintenanceFile', {
    group,
    kind: text('path'),
    description: 'While this file exists, every request but probes and scrapes gets 503 with Retry-After.',
  }),
  PROFILE_DIR: whole('profileDir', {
    group,
    kind: text('path'),
    default: 'profiles',
    description: 'Folder of CPU profiles (SIGUSR2) and heap snapshots.',
  }),
  UPLOADS_DIR: whole('uploadsDir', {
    group,
    kind: text('path'),
    default: 'public/uploads',
    description: 'Folder of the files that users upload.',
  }),
  EMBEDDED_POSTGRES_DIR: whole('embeddedPostgresDir', {
    group,
    kind: text('path'),
    default: '.data/postgres',
    description: 'Folder of the embedded Postgres that serves when no database is configured.',
  }),
};
