import { AppError } from 'express-runbook';

/** What programs throw besides proper errors, and the text that the log should have for it. */
export function strangeThings(): [what: string, thrown: unknown, logged: string][] {
  return [
    ['a text', 'plain text', 'plain text'],
    ['a number', 42, 'thrown: 42'],
    ['a symbol', Symbol('s'), 'thrown: Symbol(s)'],
    ['a bare object', { password: 'x' }, 'an object without a message'],
    ['a frozen error', Object.freeze(new Error('frozen')), 'frozen'],
    ['an error that is its own cause', ownCause(), 'cyclic'],
    ['an AggregateError', new AggregateError([new Error('a'), new Error('b')]), 'AggregateError: a; b'],
    ['an error whose getters throw', unreadable(), 'an object without a message'],
    ['a revoked proxy', revoked(), 'an object without a message'],
    ['the 404 of another service', Object.assign(new Error('status code 404'), { status: 404 }), 'status code 404'],
    ['a status that is a word', Object.assign(new Error('odd'), { status: 'abc', expose: true }), 'odd'],
    ['status 999', new AppError(999, 'odd'), 'odd'],
    ['status 200', Object.assign(new Error('odd'), { status: 200, expose: true }), 'odd'],
  ];
}

function ownCause(): Error {
  const error = new Error('cyclic');
  error.cause = error;
  return error;
}

function unreadable(): Error {
  const error = new Error('never read');
  for (const key of ['stack', 'message', 'name', 'code', 'status', 'statusCode', 'cause', 'headers', 'expose']) {
    Object.defineProperty(error, key, {
      get() {
        throw new Error('trap');
      },
    });
  }
  return error;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
