// What the files for Prometheus, Alertmanager and Grafana of the reference server are made by: npm run generate runs it.
const FOLDER = 'examples/reference-server/deploy/monitoring';

const LINKS = ['Prometheus=https://prometheus.booky.app', 'Kibana=https://kibana.booky.app'];

/** Calls of the program, made in the repository's own folder. */
export const MONITORING_CALLS = [
  [
    ...['alerts', 'generate', '--preset', 'builder', '--availability', '99.9', '--latency', '95:0.5'],
    // deploy/cron/backup makes one every night.
    ...['--rpo', '26h', '--dir', FOLDER],
  ],
  [
    ...['dashboards', 'generate', '--uid', 'booky-backend', '--title', 'Backend'],
    ...LINKS.flatMap((link) => ['--link', link]),
    ...['--dir', `${FOLDER}/grafana/dashboards`],
  ],
];
