import { DATABASE_BOARD } from './database-board.js';
import {
  resolveGrafanaDashboardsOptions,
  type GrafanaDashboardsOptions,
  type GrafanaDashboardsSettings,
} from './options.js';
import type { Board, Panel } from './panel.js';
import { RUNTIME_BOARD } from './runtime-board.js';
import { SERVICE_BOARD } from './service-board.js';
import { WORK_BOARD } from './work-board.js';

const BOARDS: readonly Board[] = [SERVICE_BOARD, DATABASE_BOARD, RUNTIME_BOARD, WORK_BOARD];
const WIDTH = 24;
const SIZE = Object.freeze({ w: 8, h: 7 });
const DATASOURCE = Object.freeze({ type: 'prometheus', uid: '${datasource}' });

/** A dashboard as Grafana imports it; plain data. */
export interface GrafanaDashboard extends Readonly<Record<string, unknown>> {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly GrafanaPanel[];
}

export interface GrafanaPanel extends Readonly<Record<string, unknown>> {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/**
 * Grafana dashboards of what this package shows on `/metrics`, by file name: the service, its database and dependencies, the
 * runtime, and work. `JSON.stringify` makes files of them.
 *
 * @example
 * const dashboards = grafanaDashboards({ uid: 'orders' });
 */
export function grafanaDashboards(options: GrafanaDashboardsOptions): Readonly<Record<string, GrafanaDashboard>> {
  const settings = resolveGrafanaDashboardsOptions(options);
  return Object.fromEntries(BOARDS.map((board) => [`${board.name}.json`, dashboard(board, settings)]));
}

function dashboard(board: Board, { uid, title = uid, links }: GrafanaDashboardsSettings): GrafanaDashboard {
  return {
    uid: board === SERVICE_BOARD ? uid : `${uid}-${board.name}`,
    title: `${title}: ${board.title}`,
    tags: [uid],
    editable: false,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    links: [
      { title: 'Dashboards', type: 'dashboards', tags: [uid], asDropdown: true, keepTime: true, includeVars: true },
      ...links.map((link) => ({ title: link.title, url: link.url, type: 'link', targetBlank: true })),
    ],
    templating: { list: VARIABLES },
    annotations: { list: ANNOTATIONS },
    panels: panelsOf(board),
  };
}

const VARIABLES = [
  { name: 'datasource', type: 'datasource', query: 'prometheus' },
  variable('job', 'label_values(app_build_info, job)', {}),
  variable('instance', 'label_values(app_build_info{job="$job"}, instance)', {
    includeAll: true,
    multi: true,
    allValue: '.+',
  }),
];

function variable(name: string, query: string, more: object): object {
  return { name, type: 'query', datasource: DATASOURCE, query: { query, refId: name }, refresh: 2, ...more };
}

const ANNOTATIONS = [
  annotation('Alerts', 'red', 'ALERTS{job="$job",alertstate="firing"}', '{{alertname}} {{severity}}'),
  annotation('Starts', 'blue', 'changes(process_start_time_seconds{job="$job"}[1m]) > 0', '{{instance}}'),
];

function annotation(name: string, iconColor: string, expr: string, titleFormat: string): object {
  return { name, iconColor, expr, titleFormat, enable: true, datasource: DATASOURCE };
}

function panelsOf({ rows }: Board): GrafanaPanel[] {
  const all: GrafanaPanel[] = [];
  let y = 0;
  for (const row of rows) {
    all.push({
      id: all.length + 1,
      type: 'row',
      title: row.title,
      gridPos: { x: 0, y: y++, w: WIDTH, h: 1 },
      panels: [],
    });
    for (const [index, one] of row.panels.entries()) {
      const x = (index * SIZE.w) % WIDTH;
      if (index > 0 && x === 0) y += SIZE.h;
      all.push(grafanaPanel(all.length + 1, one, { x, y }));
    }
    y += SIZE.h;
  }
  return all;
}

function grafanaPanel(
  id: number,
  { title, description, unit, targets }: Panel,
  at: { x: number; y: number },
): GrafanaPanel {
  return {
    id,
    type: 'timeseries',
    title,
    description,
    datasource: DATASOURCE,
    gridPos: { ...at, ...SIZE },
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: targets.map(([expr, legendFormat], index) => {
      return { refId: String.fromCharCode('A'.charCodeAt(0) + index), datasource: DATASOURCE, expr, legendFormat };
    }),
  };
}
