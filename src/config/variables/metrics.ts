import { networks } from '../kinds/addresses.js';
import { port, wholeNumber } from '../kinds/numbers.js';
import { text } from '../kinds/words.js';
import { whole } from './variable.js';

const group = 'Metrics';

export const METRICS_VARIABLES = {
  METRICS_PORT: whole('metrics.port', {
    group,
    kind: port(0),
    description: 'Port of its own on which /metrics is served; the main port has none then.',
  }),
  METRICS_TOKEN: whole('metrics.token', {
    group,
    kind: text('secret'),
    secret: 'all',
    description: 'Whoever asks for /metrics must send it as `Authorization: Bearer`.',
  }),
  METRICS_NETWORKS: whole('metrics.networks', {
    group,
    kind: networks(),
    default: '',
    description: 'Addresses and CIDR ranges from which /metrics may be asked; from everywhere when empty.',
  }),
  METRICS_MAX_CLIENTS: whole('metrics.maxClients', {
    group,
    kind: wholeNumber(0, 1000),
    default: '0',
    description: 'Clients that `client_id` tells apart in the metrics of requests; 0 leaves the label out.',
  }),
  METRICS_TLS_CERTIFICATE: whole('metrics.tlsCertificate', {
    group,
    kind: text('path'),
    description: 'File of the certificate that clients see (PEM): the metrics tell when it ends.',
  }),
};
