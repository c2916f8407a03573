import { answerOf } from './answers/index.js';
import { errorBody } from './body.js';
import { ERROR_HANDLER_DEFAULTS, type ErrorType } from './options.js';

/** An answer to an error, ready to be sent by whatever sends. */
export interface ErrorAnswer {
  readonly statusCode: number;
  /** All that belong to it, the media type of the body among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `false` for a mistake in the program, and for what nobody foresaw: that is logged with its stack, as every 5xx is. */
  readonly isOperational: boolean;
}

/**
 * What `errorHandler()` answers to this error, for code that has no `(req, res)`: handlers of Fetch requests, such as the route
 * handlers of Next.js. The same rules: any value may come, the text of a 5xx is generic, only errors that are meant for the client
 * have another status than 500. It logs nothing and sends nothing. Never throws.
 *
 * @example
 * const { statusCode, headers, body } = errorAnswer(error, { requestId: getContext()?.requestId });
 * return new Response(body, { status: statusCode, headers });
 */
export function errorAnswer(
  error: unknown,
  { type = ERROR_HANDLER_DEFAULTS.type, requestId }: { readonly type?: ErrorType; readonly requestId?: string } = {},
): ErrorAnswer {
  const answer = answerOf(error);
  const { headers, text } = errorBody(type, answer, requestId);
  return {
    statusCode: answer.statusCode,
    headers,
    body: text,
    isOperational: answer.isOperational,
  };
}
