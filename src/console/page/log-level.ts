import { button, form, h, say } from './dom.js';
import { time } from './format.js';
import { send } from './live.js';
import type { State } from './state.js';

const MINUTES = [1, 5, 15, 60];

/** The one thing that can be changed here, and it goes back by itself. */
export function levelForm(): { readonly element: HTMLElement; update(state: State): void } {
  const level = h('select', { id: 'new-level' });
  const minutes = h(
    'select',
    { id: 'level-minutes' },
    ...MINUTES.map((one) => h('option', { value: String(one) }, one === 1 ? '1 minute' : `${String(one)} minutes`)),
  );
  const now = h('p', { class: 'lead' });
  const answer = h('p', { class: 'note', role: 'status' });
  const back = button('Back at once', () => void ask('DELETE', '/level'));
  const changes = form(
    change,
    { class: 'filter' },
    h('div', { class: 'field' }, h('label', { for: level.id }, 'Level'), level),
    h('div', { class: 'field' }, h('label', { for: minutes.id }, 'For'), minutes),
    h('div', { class: 'buttons' }, h('button', { type: 'submit' }, 'Change'), back),
  );
  const element = h('section', { class: 'card' }, h('h3', {}, 'Level of the log'), now, changes, answer);
  minutes.value = '5';

  function change(): void {
    const forMs = Number(minutes.value) * 60_000;
    void ask('POST', `/level?level=${encodeURIComponent(level.value)}&forMs=${String(forMs)}`);
  }

  async function ask(method: 'POST' | 'DELETE', path: string): Promise<void> {
    say(answer, '…');
    try {
      const { ok, status } = await send(method, path);
      say(answer, ok ? 'Done, and recorded in the audit log.' : `Refused: ${String(status)}.`);
    } catch {
      say(answer, 'No connection: nothing was changed.');
    }
  }

  return {
    element,
    update({ sections: { level: view } }) {
      element.hidden = view === null;
      if (view === null) return;
      if (level.options.length === 0) {
        level.append(...view.levels.toReversed().map((one) => h('option', { value: one }, one)));
        level.value = 'debug';
      }
      const { current, before, until } = view;
      const isChanged = before !== undefined && until !== undefined;
      say(
        now,
        isChanged
          ? `${current}, until ${time(until)}; then ${before} again.`
          : `${current}, as the service was started with.`,
      );
      back.hidden = !isChanged;
    },
  };
}
