import type { Setting } from '../wire/index.js';
import { h } from './dom.js';
import { date, duration } from './format.js';
import type { State, View } from './state.js';
import { table } from './table.js';

export function configuration(): View {
  const facts = h('dl', { class: 'facts' });
  const search = h('input', { type: 'search', id: 'setting', autocomplete: 'off', input: () => render() });
  const settings = table<Setting>('Settings in force; secrets are masked', 'No setting of that name.', [
    { title: 'Setting', show: ([name]) => h('code', {}, name), by: ([name]) => name, isName: true },
    { title: 'Value', show: ([, value]) => h('code', { class: 'value' }, value) },
  ]);
  let latest: State | undefined;

  function render(): void {
    const wanted = search.value.trim().toLowerCase();
    settings.update((latest?.settings ?? []).filter(([name]) => name.toLowerCase().includes(wanted)));
  }

  return {
    id: 'configuration',
    title: 'Configuration',
    element: h(
      'div',
      {},
      h('section', { class: 'card' }, h('h3', {}, 'Build and process'), facts),
      h(
        'section',
        { class: 'card' },
        h('h3', {}, 'Configuration'),
        h('div', { class: 'filter' }, h('div', { class: 'field' }, h('label', { for: search.id }, 'Name'), search)),
        settings.element,
      ),
    ),
    update(state) {
      const { service, version, node, pid, host, startedAt } = state.instance;
      const rows = [
        ['Service', service],
        ['Version', version ?? 'not given'],
        ['Node.js', node],
        ['Host', host],
        ['Process', String(pid)],
        ['Started', `${date(startedAt)}, ${duration((state.history.at.at(-1) ?? startedAt) - startedAt)} ago`],
      ] as const;
      facts.replaceChildren(...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
      // Settings change with the process alone.
      if (latest?.settings === state.settings) return;
      latest = state;
      render();
    },
  };
}
