import { alerts } from './alerts.js';
import { configuration } from './configuration.js';
import { h, say } from './dom.js';
import { errors } from './errors.js';
import { head } from './head.js';
import { goLive } from './live.js';
import { log } from './log.js';
import { overview } from './overview.js';
import { showSignIn } from './sign-in.js';
import { stateOf, takeTick, type State, type View } from './state.js';
import { themeButton } from './theme.js';
import { queries, requests } from './traffic.js';
import { work } from './work.js';

if (document.documentElement.dataset.access === 'token') {
  themeButton(() => undefined);
  showSignIn();
} else showConsole();

function showConsole(): void {
  const start = overview();
  const lines = log();
  const alarms = alerts();
  const problems = errors((requestId) => {
    location.hash = lines.id;
    lines.follow(requestId);
  });
  const views: readonly View[] = [start, requests(), queries(), problems, lines, work(), alarms, configuration()];
  const top = head(themeButton(() => start.redraw()));
  const tabs = views.map((view) => tabOf(view));
  const place = h('main', { id: 'place', tabindex: '-1' });
  let state: State | undefined;
  let shown: View | undefined;

  function show(): void {
    const wanted = views.find(({ id }) => `#${id}` === location.hash) ?? start;
    if (wanted === shown) return;
    const isFirst = shown === undefined;
    shown?.toggle?.(false);
    shown = wanted;
    place.replaceChildren(h('h2', { class: 'hidden' }, wanted.title), wanted.element);
    for (const { view, link } of tabs) {
      if (view !== wanted) link.removeAttribute('aria-current');
      else {
        link.setAttribute('aria-current', 'page');
        // On a phone not all of them are in sight.
        link.scrollIntoView({ block: 'nearest', inline: 'center' });
      }
    }
    update();
    wanted.toggle?.(true);
    if (!isFirst) scrollTo(0, 0);
  }

  function update(): void {
    if (state === undefined) return;
    const { sections } = state;
    top.update(state);
    if (shown !== alarms) alarms.update(state);
    alarms.banner.hidden = (sections.alerts ?? []).length === 0 || shown === alarms;
    for (const { view, badge } of tabs) {
      const found = view.badge?.(state) ?? 0;
      say(badge, found === 0 ? '' : String(found));
      badge.hidden = found === 0;
    }
    shown?.update(state);
  }

  /** Not to another view, which is what the address says. */
  function skip(event: Event): void {
    event.preventDefault();
    place.focus();
  }

  document.body.replaceChildren(
    h('a', { class: 'skip', href: '#place', click: skip }, 'To the content'),
    top.element,
    h('nav', { 'aria-label': 'Views' }, ...tabs.map(({ link }) => link)),
    alarms.banner,
    place,
  );
  addEventListener('hashchange', show);
  show();
  goLive({
    onSnapshot(snapshot) {
      state = stateOf(snapshot);
      update();
    },
    onTick(tick) {
      if (state === undefined) return;
      takeTick(state, tick);
      update();
    },
    onConnection(connection) {
      if (connection === 'signed-out') showSignIn();
      else top.tell(connection);
    },
  });
}

function tabOf(view: View): { readonly view: View; readonly link: HTMLAnchorElement; readonly badge: HTMLElement } {
  const badge = h('span', { class: 'badge', hidden: true });
  return { view, badge, link: h('a', { href: `#${view.id}` }, view.title, badge) };
}
