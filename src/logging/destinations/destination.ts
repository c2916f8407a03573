/** One place that lines go to. Nothing here throws: a full disk or a reader that left must not cost the caller anything. */
export interface Destination {
  write(line: string): void;
  /** Opens the file of the same name again, after log rotation moved the old one away. */
  reopen(): void;
  /** Resolves when everything written is with the system. Safe to call twice. */
  close(): Promise<void>;
  /** Lines that could not be written since the start. */
  dropped(): number;
}
