export type { Answer } from './answer.js';
export { answerOf } from './answer-of.js';
