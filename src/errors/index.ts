export {
  AppError,
  ConflictError,
  ForbiddenError,
  InternalServerError,
  NotFoundError,
  TooManyRequestsError,
  UnauthorizedError,
  ValidationError,
  type AppErrorOptions,
} from './app-error.js';
export { APP_ERROR_CODES } from './codes.js';
export { errorHandler } from './error-handler.js';
export { isAppError } from './is-app-error.js';
export { notFound } from './not-found.js';
export type { ErrorHandlerOptions } from './options.js';
