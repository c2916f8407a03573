/**
 * What the page says that a command prints, as a pattern: `…` stands for anything, and how wide a gap is does not matter.
 * Anything may come before and after it.
 */
export function patternOf(prints: string): RegExp {
  const parts = prints
    .trim()
    .split('…')
    .map((part) => part.trim().split(/\s+/).map(escape).join('\\s+'));
  return new RegExp(parts.join('[^]*?'));
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
