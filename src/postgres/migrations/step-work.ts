/** One step of a migration, read or loaded, ready to run. */
export interface StepWork {
  readonly path: string;
  /** In our transaction, in the file's own, or in none. */
  readonly mode: 'wrapped' | 'own' | 'none';
  readonly run: () => Promise<void>;
}
