import { codeOfStatus } from '../codes.js';

/** What the client will be told about an error. */
export interface Answer {
  readonly statusCode: number;
  readonly message: string;
  /** Checked and from the allow list: safe to send. */
  readonly headers: Readonly<Record<string, string>>;
  /** For programs: of the error itself where it has one that is ours to give out, else that of the status. */
  readonly code: string;
  /** `false` when the error is a mistake in the program, whatever its status. */
  readonly isOperational: boolean;
}

export function answer(
  statusCode: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  isOperational = true,
  code = codeOfStatus(statusCode),
): Answer {
  return { statusCode, message, headers, code, isOperational };
}
