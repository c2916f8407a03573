import { form, h, say } from './dom.js';
import { send } from './live.js';

/** For browsers, which cannot send a token by themselves: it is traded for a cookie that no script can read. */
export function showSignIn(): void {
  const token = h('input', { type: 'password', id: 'token', autocomplete: 'off', required: true });
  const answer = h('p', { class: 'note', role: 'status' });
  const question = form(
    () => void signIn(),
    { class: 'card sign-in' },
    h('h1', {}, 'Ops console'),
    h('p', { class: 'lead' }, 'This page asks for the token that the service was given as OPS_TOKEN.'),
    h('div', { class: 'field' }, h('label', { for: token.id }, 'Token'), token),
    h('button', { type: 'submit' }, 'Sign in'),
    answer,
  );

  async function signIn(): Promise<void> {
    try {
      const { ok, status } = await send('POST', '/session', { Authorization: `Bearer ${token.value}` });
      if (ok) location.reload();
      else say(answer, status === 401 ? 'That is not the token.' : `Refused: ${String(status)}.`);
    } catch {
      // A token with characters that no header can have, or no connection.
      say(answer, 'It could not be sent.');
    }
  }

  document.body.replaceChildren(h('main', {}, question));
  token.focus();
}
