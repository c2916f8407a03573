import type { QueryView, RouteView, SlowQueryView } from '../wire/index.js';
import { h, say } from './dom.js';
import { count, duration, ms, percent, rate, time } from './format.js';
import type { State, View } from './state.js';
import { table, type Column } from './table.js';

const ROUTES: readonly Column<RouteView>[] = [
  { title: 'Route', show: routeName, by: (row) => row.route, isName: true },
  { title: 'Requests', show: (row) => count(row.requests), by: (row) => row.requests, isNumber: true },
  { title: 'Per minute', show: (row) => rate(row.perMinute), by: (row) => row.perMinute, isNumber: true },
  { title: 'Errors', show: errorCell, by: (row) => row.errors, isNumber: true },
  { title: 'p50', show: (row) => ms(row.p50Ms), by: (row) => row.p50Ms, isNumber: true },
  { title: 'p95', show: (row) => ms(row.p95Ms), by: (row) => row.p95Ms, isNumber: true },
  { title: 'p99', show: (row) => ms(row.p99Ms), by: (row) => row.p99Ms, isNumber: true },
];

function routeName({ method, route }: RouteView): Node {
  return h('span', {}, h('span', { class: 'method' }, method), ' ', h('code', {}, route));
}

function errorCell({ errors, requests }: RouteView): string | Node {
  if (errors === 0) return '0';
  return h('span', { class: 'bad' }, `${count(errors)} (${percent(errors / requests)})`);
}

export function requests(): View {
  const note = h('p', { class: 'lead' });
  const routes = table('Routes, the slowest first', 'No request yet.', ROUTES);
  return {
    id: 'requests',
    title: 'Requests',
    element: h('div', {}, h('section', { class: 'card' }, h('h3', {}, 'Routes'), note, routes.element)),
    update({ sections: { routes: view } }: State) {
      const others = view.left === 0 ? '' : ` ${count(view.left)} more routes are in the metrics.`;
      const since = view.windowMs === 0 ? 'since the start' : `of the last ${duration(view.windowMs)}`;
      say(note, `Requests and errors since the start; rate and percentiles ${since}.${others}`);
      routes.update(view.rows);
    },
  };
}

const QUERIES: readonly Column<QueryView>[] = [
  { title: 'Query', show: (row) => h('code', {}, row.name), by: (row) => row.name, isName: true },
  { title: 'Pool', show: (row) => row.pool, by: (row) => row.pool },
  { title: 'Count', show: (row) => count(row.count), by: (row) => row.count, isNumber: true },
  { title: 'Mean', show: (row) => ms(row.meanMs), by: (row) => row.meanMs, isNumber: true },
  { title: 'p95', show: (row) => ms(row.p95Ms), by: (row) => row.p95Ms, isNumber: true },
];

const SLOW: readonly Column<SlowQueryView>[] = [
  { title: 'Statement', show: (row) => h('code', { class: 'sql' }, row.query), isName: true },
  { title: 'Slowest', show: (row) => ms(row.slowestMs), by: (row) => row.slowestMs, isNumber: true },
  { title: 'Lines', show: (row) => count(row.count), by: (row) => row.count, isNumber: true },
  { title: 'Latest', show: (row) => time(row.latestAt), by: (row) => row.latestAt, isNumber: true },
];

export function queries(): View {
  const slow = table('Slow queries, from the log', 'No slow query in the lines that are held.', SLOW);
  const named = table('Queries by their name', 'No query has a name.', QUERIES);
  const operations = table('Queries by what they do', 'No query yet.', QUERIES);
  const card = (title: string, element: HTMLElement): HTMLElement =>
    h('section', { class: 'card' }, h('h3', {}, title), element);
  return {
    id: 'queries',
    title: 'Queries',
    element: h(
      'div',
      {},
      card('Slow queries', slow.element),
      card('By name', named.element),
      card('By operation', operations.element),
    ),
    update({ sections: { queries: view } }: State) {
      slow.update(view.slow);
      named.update(view.named);
      operations.update(view.byOperation);
    },
  };
}
