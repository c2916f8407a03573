import type { AlertView } from '../wire/index.js';
import { h } from './dom.js';
import { date } from './format.js';
import type { State, View } from './state.js';

/** What is wrong enough that somebody was told. Also above every other view. */
export function alerts(): View & { readonly banner: HTMLElement } {
  const list = h('ul', { class: 'alerts' });
  const lead = h('p', { class: 'empty' });
  const banner = h('div', { class: 'banner', role: 'status' });
  let told = '';
  return {
    id: 'alerts',
    title: 'Alerts',
    element: h('section', { class: 'card' }, h('h3', {}, 'Active alerts'), lead, list),
    banner,
    badge: ({ sections }) => sections.alerts?.length ?? 0,
    update({ sections: { alerts: active } }: State) {
      const text = JSON.stringify(active);
      if (text === told) return;
      told = text;
      lead.textContent = active === null ? 'No alerts are wired to this page.' : 'Nothing to be alarmed about.';
      lead.hidden = (active ?? []).length > 0;
      list.replaceChildren(...(active ?? []).map(alertRow));
      banner.replaceChildren(...(active ?? []).slice(0, 3).map(bannerLine));
    },
  };
}

function bannerLine({ name, severity, message }: AlertView): HTMLElement {
  const text = message === undefined ? name : `${name}: ${message}`;
  return h('a', { href: '#alerts', class: `alert ${toneOf(severity)}` }, h('b', {}, severity), ` ${text}`);
}

function alertRow({ name, severity, message, since }: AlertView): HTMLElement {
  return h(
    'li',
    { class: `alert ${toneOf(severity)}` },
    h('p', {}, h('b', {}, severity), ` ${name}`),
    message === undefined ? null : h('p', {}, message),
    since === undefined ? null : h('p', { class: 'note' }, `since ${date(since)}`),
  );
}

/** A class of the page's own, whatever word came. */
function toneOf(severity: string): 'loud' | 'quiet' {
  return /^(?:critical|high|page|error)$/i.test(severity) ? 'loud' : 'quiet';
}
