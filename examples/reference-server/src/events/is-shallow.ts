/** Whether a value that came as JSON has so many levels at most. Looks no deeper, so that the look itself is bounded. */
export function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}
