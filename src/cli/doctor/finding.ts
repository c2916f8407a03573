export const STATUSES = ['OK', 'SKIP', 'WARN', 'FAIL'] as const;
export type Status = (typeof STATUSES)[number];

/** What a check found, in one sentence, and for WARN and FAIL what to do about it. */
export interface Finding {
  readonly status: Status;
  readonly says: string;
  readonly cure?: string;
  /** The file it is about, relative to the repository. */
  readonly file?: string;
}

export const ok = (says: string, file?: string): Finding => ({ status: 'OK', says, file });
/** Says why it was not looked at. */
export const skip = (says: string, file?: string): Finding => ({ status: 'SKIP', says, file });
export const warn = (says: string, cure: string, file?: string): Finding => ({ status: 'WARN', says, cure, file });
export const fail = (says: string, cure: string, file?: string): Finding => ({ status: 'FAIL', says, cure, file });

/** The worst of them; what was skipped says nothing beside what was looked at. */
export function worstOf(findings: readonly { readonly status: Status }[]): Status {
  const seen = (status: Status): boolean => findings.some((finding) => finding.status === status);
  if (seen('FAIL')) return 'FAIL';
  if (seen('WARN')) return 'WARN';
  return seen('OK') ? 'OK' : 'SKIP';
}
