import type { CacheView, JobTypeView } from '../wire/index.js';
import { h, say } from './dom.js';
import { count, duration, ms, NOTHING, percent } from './format.js';
import type { State, View } from './state.js';
import { table, type Column } from './table.js';

const TYPES: readonly Column<JobTypeView>[] = [
  { title: 'Type', show: (row) => h('code', {}, row.type), by: (row) => row.type, isName: true },
  { title: 'Created', show: (row) => count(row.created), by: (row) => row.created, isNumber: true },
  { title: 'Running here', show: (row) => count(row.active), by: (row) => row.active, isNumber: true },
  { title: 'Completed', show: (row) => count(row.completed), by: (row) => row.completed, isNumber: true },
  { title: 'Retried', show: (row) => count(row.retried), by: (row) => row.retried, isNumber: true },
  { title: 'Failed', show: failedCell, by: (row) => row.failed, isNumber: true },
  { title: 'Mean', show: (row) => ms(row.meanMs), by: (row) => row.meanMs, isNumber: true },
];

function failedCell({ failed }: JobTypeView): string | Node {
  return failed === 0 ? '0' : h('span', { class: 'bad' }, count(failed));
}

const CACHES: readonly Column<CacheView>[] = [
  { title: 'Cache', show: (row) => h('code', {}, row.name), by: (row) => row.name, isName: true },
  { title: 'Hit ratio', show: (row) => percent(row.hitRatio), by: (row) => row.hitRatio, isNumber: true },
  { title: 'Hits', show: (row) => count(row.hits), by: (row) => row.hits, isNumber: true },
  { title: 'Misses', show: (row) => count(row.misses), by: (row) => row.misses, isNumber: true },
  { title: 'Values', show: (row) => count(row.entries), by: (row) => row.entries, isNumber: true },
  { title: 'Evicted', show: (row) => count(row.evictions), by: (row) => row.evictions, isNumber: true },
];

export function work(): View {
  const queue = ['Pending', 'Running', 'Failed for good', 'Oldest waits'].map((title) => ({
    title,
    value: h('b', {}, NOTHING),
  }));
  const tiles = h(
    'div',
    { class: 'tiles' },
    ...queue.map(({ title, value }) => h('p', { class: 'tile' }, h('span', {}, title), value)),
  );
  const none = h('p', { class: 'empty' }, 'This service has no jobs.');
  const types = table('Jobs of this process, by type', 'No job yet.', TYPES);
  const caches = table('Caches of this process', 'This service has no cache.', CACHES);
  return {
    id: 'work',
    title: 'Jobs & caches',
    element: h(
      'div',
      {},
      h('section', { class: 'card' }, h('h3', {}, 'Jobs'), none, tiles, types.element),
      h('section', { class: 'card' }, h('h3', {}, 'Caches'), caches.element),
    ),
    update({ sections: { jobs, caches: rows } }: State) {
      none.hidden = jobs !== null;
      tiles.hidden = types.element.hidden = jobs === null;
      const { pending, running, failed, oldestSeconds } = jobs?.queue ?? {
        pending: null,
        running: null,
        failed: null,
        oldestSeconds: null,
      };
      const oldest = oldestSeconds === null ? NOTHING : duration(oldestSeconds * 1000);
      for (const [index, text] of [count(pending), count(running), count(failed), oldest].entries()) {
        const tile = queue[index];
        if (tile !== undefined) say(tile.value, text);
      }
      types.update(jobs?.types ?? []);
      caches.update(rows);
    },
  };
}
