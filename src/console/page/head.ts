import type { ShownStatus } from '../wire/index.js';
import { button, h, say } from './dom.js';
import { statusMark } from './health.js';
import { send, type Connection } from './live.js';
import type { State } from './state.js';

const CONNECTIONS: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'No connection, trying again',
  full: 'Too many pages are open, waiting',
  'signed-out': 'Signed out',
};

const STATUS: Readonly<Record<string, ShownStatus>> = { ok: 'up', degraded: 'degraded', error: 'down' };

export interface Head {
  readonly element: HTMLElement;
  update(state: State): void;
  tell(connection: Connection): void;
}

export function head(theme: HTMLElement): Head {
  const name = h('h1', {}, 'Ops console');
  const version = h('span', { class: 'version' });
  const status = h('span', { class: 'overall', role: 'status' });
  const connection = h('span', { class: 'connection', role: 'status' });
  const signOut = button('Sign out', () => void send('DELETE', '/session').then(() => location.reload()), {
    hidden: true,
  });
  let shown = '';
  return {
    element: h(
      'header',
      { class: 'top' },
      h('div', { class: 'who' }, name, version),
      status,
      h('div', { class: 'tools' }, connection, theme, signOut),
    ),
    update({ instance, sections: { health }, isSession }) {
      say(name, instance.service);
      say(version, instance.version ?? '');
      signOut.hidden = !isSession;
      const text =
        health === null ? '' : health.state === 'ready' ? health.status : `${health.status}, ${health.state}`;
      document.title = `${text === '' || text === 'ok' ? '' : `${text} · `}${instance.service} · ops`;
      if (text === shown) return;
      shown = text;
      status.replaceChildren(...(text === '' ? [] : [statusMark(STATUS[health?.status ?? ''] ?? 'unknown', text)]));
    },
    tell(now) {
      connection.className = `connection ${now}`;
      say(connection, CONNECTIONS[now]);
    },
  };
}
