/** Gives back the text without its secrets. */
export type Scrub = (text: string) => string;
