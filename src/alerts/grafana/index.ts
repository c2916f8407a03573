export { grafanaDashboards, type GrafanaDashboard, type GrafanaPanel } from './grafana-dashboards.js';
export { NOT_SHOWN } from './not-shown.js';
export { GRAFANA_DASHBOARDS_DEFAULTS, type DashboardLink, type GrafanaDashboardsOptions } from './options.js';
