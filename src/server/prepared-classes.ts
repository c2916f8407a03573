import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** What `http.createServer` takes as its documented options of the same names. */
export interface PreparedClasses {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse;
}

/**
 * Classes whose objects are born with the prototypes that Express is going to give them, so that its
 * `Object.setPrototypeOf` on every request finds nothing to change. In V8 before 13 (Node 20 and 22) every property
 * added after a changed prototype makes a fresh hidden class, which costs Express two thirds of its time.
 *
 * The app's own `request` and `response` (Express' documented extension points) are the prototypes: nothing of the app is
 * replaced, and what is added to them before or after is seen by it and by the apps mounted in it.
 *
 * Nothing when the app is not one of Express: then there is nothing to prepare.
 */
export function preparedClasses(app: unknown): PreparedClasses | undefined {
  const { request, response } = app as { request?: unknown; response?: unknown };
  if (!(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) return undefined;
  const classes = {
    IncomingMessage: bornWith(request, IncomingMessage),
    ServerResponse: bornWith(response, ServerResponse),
  };
  return areUsable(classes) ? classes : undefined;
}

type Initialiser = (this: object, first: unknown, second: unknown) => void;

/** Not a class: the prototype of a class cannot be chosen. Not Reflect.construct: V8 makes a hidden class per call of it. */
function bornWith<Base extends typeof IncomingMessage | typeof ServerResponse>(prototype: object, base: Base): Base {
  // Both are constructor functions that initialise what they are called on, as `util.inherits` documents; types only know `new`.
  const initialise = base as unknown as Initialiser;
  function Prepared(this: object, first: unknown, second: unknown): void {
    initialise.call(this, first, second);
  }
  Prepared.prototype = prototype;
  // As `class … extends base` has it. V8 also sizes new objects by the constructors in this chain: without it their
  // properties do not fit, and every request and response becomes a slow dictionary.
  Object.setPrototypeOf(Prepared, base);
  // Constructs what Base constructs, with a prototype further down the same chain.
  return Prepared as unknown as Base;
}

/** A Node whose http classes insist on `new` (announced as DEP0195) gets a plain server; its V8 loses nothing by that. */
function areUsable(classes: PreparedClasses): boolean {
  try {
    return new classes.ServerResponse(new classes.IncomingMessage(new Socket())) instanceof ServerResponse;
  } catch {
    return false;
  }
}
