/** What leads from one schema to another. */
export interface Script {
  /** In their order; a comment may stand before. */
  readonly statements: readonly string[];
  /** What gets lost on the way, each in words. */
  readonly losses: readonly string[];
  /** What a person should know before running it. */
  readonly remarks: readonly string[];
}

export interface ScriptWriter {
  readonly statements: string[];
  readonly losses: string[];
  readonly remarks: string[];
}
