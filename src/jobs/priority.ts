/** The lower number is worked on first. */
export const PRIORITIES = Object.freeze({ urgent: -20, high: -10, normal: 0, low: 10 });

/** @useDeclaredType */
export type Priority = keyof typeof PRIORITIES;
