/** How much of what a caller hands in reaches a line. What is cut says so in the line. */
export const LIMITS = Object.freeze({
  depth: 10,
  keysPerObject: 200,
  itemsPerArray: 200,
  objectsPerLine: 1_000,
  /** Characters of one string. */
  textLength: 4_096,
  /** Characters of a request's URL. */
  urlLength: 512,
  keyLength: 128,
  /** Characters of all strings and keys of a line together: what is left of 16 KiB when escapes need some. */
  charactersPerLine: 12_288,
  causes: 5,
  aggregateErrors: 10,
});
