export {
  AppError,
  ConflictError,
  ForbiddenError,
  InternalServerError,
  MethodNotAllowedError,
  NotFoundError,
  PayloadTooLargeError,
  TooManyRequestsError,
  UnauthorizedError,
  ValidationError,
  type AppErrorOptions,
} from './app-error.js';
export { APP_ERROR_CODES } from './codes.js';
export { errorAnswer, type ErrorAnswer } from './error-answer.js';
export { errorHandler } from './error-handler.js';
export { isAppError } from './is-app-error.js';
export { notFound } from './not-found.js';
export { ERROR_HANDLER_DEFAULTS, type ErrorHandlerOptions, type ErrorType } from './options.js';
export { bodyLimit } from './body-limit.js';
export { BODY_LIMIT_DEFAULTS, type BodyLimitOptions } from './body-limit-options.js';
export { methodNotAllowed } from './method-not-allowed.js';
