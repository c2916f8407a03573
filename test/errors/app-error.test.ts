import request from 'supertest';
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
  errorHandler,
  isAppError,
} from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

type Row = [
  row: string,
  error: AppError,
  name: string,
  statusCode: number,
  code: string,
  message: string,
  isOperational: boolean,
];

const FAMILY: Row[] = [
  [
    'ERR-02',
    new ValidationError('name is too long'),
    'ValidationError',
    400,
    'ERR_VALIDATION',
    'name is too long',
    true,
  ],
  ['ERR-03', new UnauthorizedError(), 'UnauthorizedError', 401, 'ERR_UNAUTHORIZED', 'Unauthorized', true],
  ['ERR-04', new ForbiddenError(), 'ForbiddenError', 403, 'ERR_FORBIDDEN', 'Forbidden', true],
  ['ERR-05', new NotFoundError('Event'), 'NotFoundError', 404, 'ERR_NOT_FOUND', 'Event not found', true],
  ['ERR-06', new ConflictError('Taken'), 'ConflictError', 409, 'ERR_CONFLICT', 'Taken', true],
  [
    'ERR-07',
    new TooManyRequestsError(),
    'TooManyRequestsError',
    429,
    'ERR_TOO_MANY_REQUESTS',
    'Too many requests',
    true,
  ],
  ['ERR-08', new InternalServerError(), 'InternalServerError', 500, 'ERR_INTERNAL', 'Internal server error', false],
  ['ERR-01', new AppError(418, 'Tea only'), 'AppError', 418, 'ERR_HTTP_418', 'Tea only', true],
];

describe.each(EXPRESS_MAJORS)('the AppError family on %s', (_label, create) => {
  it.each(FAMILY)(
    '%s: %s is answered with its number and text (ERR-09)',
    async (_row, error, _name, code, _code, message) => {
      const app = create();
      app.get('/it', () => {
        throw error;
      });
      app.use(errorHandler({ logger: recordingLogger() }));
      const { body } = await request(app).get('/it').expect(code);
      expect(body).toEqual({ success: false, error: { code, message } });
    },
  );
});

describe('the AppError family', () => {
  it.each(FAMILY)(
    '%s: %s says what it is (ERR-12, T-42)',
    (_row, error, name, statusCode, code, message, isOperational) => {
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
