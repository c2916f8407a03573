import { errorAnswer } from 'express-runbook';

/** The answers of errorHandler() in the shape that this service had before: stands last, in its place. */
export function oldShape({ logger }) {
  return (error, req, res, next) => {
    const { statusCode, headers, body, isOperational } = errorAnswer(error);
    if (statusCode >= 500 || !isOperational) logger.error(error, 'Error occurred');
    if (res.headersSent) next(error);
    else
      res
        .status(statusCode)
        .set(headers)
        .json({ error: JSON.parse(body).error.message });
  };
}
