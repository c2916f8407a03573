import type { AppError } from './app-error.js';
import { read, readText } from './read.js';

/** Whether this is an `AppError` of this package, from whichever copy of it: by shape, not by class. */
export function isAppError(value: unknown): value is AppError {
  return (
    isErrorStatus(read(value, 'statusCode')) &&
    readText(value, 'code') !== undefined &&
    typeof read(value, 'isOperational') === 'boolean' &&
    readText(value, 'message') !== undefined
  );
}

export function isErrorStatus(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 400 && (value as number) <= 599;
}
