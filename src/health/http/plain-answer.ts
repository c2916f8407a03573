import type { Answers } from './answer.js';

/** What an endpoint answers, ready to be sent by whatever sends. */
export interface HealthAnswer {
  readonly statusCode: number;
  /** All that belong to it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export async function plainAnswer(asked: Answers | Promise<Answers>, hasDetails: boolean): Promise<HealthAnswer> {
  const answers = await asked;
  const { statusCode, contentType, body } = answers.of(hasDetails);
  return { statusCode, headers: { 'Content-Type': contentType, 'Cache-Control': 'no-store' }, body: body.toString() };
}
