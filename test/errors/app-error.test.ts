import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  AppError,
  ConflictError,
  ForbiddenError,
  InternalServerError,
  NotFoundError,
  TooManyRequestsError,
  UnauthorizedError,
  ValidationError,
  isAppError,
} from 'express-runbook';

type Row = [error: AppError, name: string, statusCode: number, code: string, message: string, isOperational: boolean];

const FAMILY: Row[] = [
  [new ValidationError('name is too long'), 'ValidationError', 400, 'ERR_VALIDATION', 'name is too long', true],
  [new UnauthorizedError(), 'UnauthorizedError', 401, 'ERR_UNAUTHORIZED', 'Unauthorized', true],
  [new ForbiddenError(), 'ForbiddenError', 403, 'ERR_FORBIDDEN', 'Forbidden', true],
  [new NotFoundError('Event'), 'NotFoundError', 404, 'ERR_NOT_FOUND', 'Event not found', true],
  [new ConflictError('Taken'), 'ConflictError', 409, 'ERR_CONFLICT', 'Taken', true],
  [new TooManyRequestsError(), 'TooManyRequestsError', 429, 'ERR_TOO_MANY_REQUESTS', 'Too many requests', true],
  [new InternalServerError(), 'InternalServerError', 500, 'ERR_INTERNAL', 'Internal server error', false],
  [new AppError(418, 'Tea only'), 'AppError', 418, 'ERR_HTTP_418', 'Tea only', true],
];

describe('the AppError family', () => {
  it.each(FAMILY)(
    '%s says what it is (ERR-01…08, ERR-12, T-42)',
    (error, name, statusCode, code, message, isOperational) => {
      expect(error).toMatchObject({ name, statusCode, code, message, isOperational });
      expect(error).toBeInstanceOf(AppError);
      expect(error).toBeInstanceOf(Error);
      expect(error.stack).toContain(message);
    },
  );

  it('keeps instanceof and name of a subclass that an application makes (ERR-12, T-42)', () => {
    class QuotaError extends AppError {
      constructor() {
        super(402, 'Quota used up', true, { code: 'ERR_QUOTA' });
      }
    }
    const error = new QuotaError();
    expect(error).toBeInstanceOf(QuotaError);
    expect(error).not.toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ name: 'QuotaError', code: 'ERR_QUOTA' });
  });

  it('keeps its cause', () => {
    const cause = new Error('the disk');
    expect(new InternalServerError('cannot save', { cause }).cause).toBe(cause);
    expect('cause' in new InternalServerError('cannot save')).toBe(false);
  });

  it('is recognised across duplicate installs, where instanceof fails', () => {
    // The CommonJS build beside the ES modules.
    const copy = createRequire(import.meta.url)('express-runbook') as { NotFoundError: typeof NotFoundError };
    const error = new copy.NotFoundError('Event');
    expect(error).not.toBeInstanceOf(AppError);
    expect(isAppError(error)).toBe(true);
  });

  it.each([
    ['a plain error', new Error('x')],
    ['an error of an HTTP client', Object.assign(new Error('x'), { status: 404, code: 'ERR_BAD_REQUEST' })],
    ['a status that HTTP does not have', new AppError(999, 'x')],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ERR_NOT_FOUND'],
  ])('does not take %s for one', (_what, value) => {
    expect(isAppError(value)).toBe(false);
  });
});
