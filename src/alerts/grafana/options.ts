import { isListOf, isText } from '../../core/checks.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';

export interface DashboardLink {
  readonly title: string;
  readonly url: string;
}

export interface GrafanaDashboardsOptions {
  /** Of the first dashboard, by which links find it: `/d/<uid>`. The others have their name behind it. Required. */
  uid: string;
  /**
   * In front of the titles: whose dashboards they are.
   * @default the uid
   */
  title?: string;
  /**
   * On top of each dashboard, beside those to the others.
   * @default []
   */
  links?: readonly DashboardLink[];
}

export const GRAFANA_DASHBOARDS_DEFAULTS = Object.freeze({ links: Object.freeze([]) });

export type GrafanaDashboardsSettings = Resolved<GrafanaDashboardsOptions, typeof GRAFANA_DASHBOARDS_DEFAULTS>;

export function resolveGrafanaDashboardsOptions(options: GrafanaDashboardsOptions): GrafanaDashboardsSettings {
  const settings = resolveOptions('grafanaDashboards', options, GRAFANA_DASHBOARDS_DEFAULTS, {
    uid: isUid,
    title: isText,
    links: isListOf(isLink),
  });
  requireOption('grafanaDashboards', 'uid', settings.uid, 'the name of the service does well');
  return settings;
}

/** Grafana takes 40 characters (https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/), and a name comes behind. */
const isUid: OptionCheck = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{1,30}$/.test(value)
    ? undefined
    : 'must be 1 to 30 letters, digits, - and _';

const isLink: OptionCheck = (value) => {
  const { title, url } = (value ?? {}) as Partial<DashboardLink>;
  return isText(title) === undefined && isText(url) === undefined ? undefined : 'needs title and url';
};
