export interface KeptLine {
  /** Grows by one with each line. */
  readonly seq: number;
  /** By pino's numbers. */
  readonly level: number;
  readonly at: number;
  /** JSON, as it was logged. */
  readonly text: string;
}

/** The latest lines, within a number of them and of characters: what is bounded by number alone grows with its lines. */
export interface LineRing {
  add(line: KeptLine): void;
  /** Oldest first. */
  all(): readonly KeptLine[];
}

export function createLineRing(maxLines: number, maxCharacters: number): LineRing {
  const slots: (KeptLine | undefined)[] = Array.from({ length: maxLines }, () => undefined);
  let first = 0;
  let count = 0;
  let characters = 0;

  function dropOldest(): void {
    characters -= slots[first]?.text.length ?? 0;
    slots[first] = undefined;
    first = (first + 1) % maxLines;
    count--;
  }

  return {
    add(line) {
      if (count === maxLines) dropOldest();
      slots[(first + count) % maxLines] = line;
      count++;
      characters += line.text.length;
      while (characters > maxCharacters && count > 1) dropOldest();
    },
    all: () => Array.from({ length: count }, (_, index) => slots[(first + index) % maxLines]).filter(isKept),
  };
}

function isKept(line: KeptLine | undefined): line is KeptLine {
  return line !== undefined;
}
