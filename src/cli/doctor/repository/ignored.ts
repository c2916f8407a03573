import { skip, type Finding } from '../finding.js';

/**
 * Findings that the file itself takes back, by a comment `doctor: ignore <id> <reason>`: as skipped, with the reason. Without a
 * reason it does not count.
 */
export function unlessIgnored(id: string, text: string, findings: readonly Finding[]): Finding[] {
  const reason = reasonIn(id, text);
  return findings.map((finding) => {
    const isMeant = reason !== undefined && (finding.status === 'WARN' || finding.status === 'FAIL');
    return isMeant ? skip(`the file says to ignore it: ${reason}`, finding.file) : finding;
  });
}

function reasonIn(id: string, text: string): string | undefined {
  for (const [, ignored, reason] of text.matchAll(/(?:#|\/\/).*\bdoctor: ignore ([\w.-]+)[ \t]+(\S.*)$/gm)) {
    if (ignored === id) return reason?.trim();
  }
  return undefined;
}
