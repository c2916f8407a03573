/** A name with the time in it, UTC: names sort as their times do, and no hour comes twice. */
export function stamped(stem: string, extension: string, at: Date): string {
  const digits = at.toISOString().replaceAll(/[-:]/g, '');
  return `${stem}_${digits.slice(0, 8)}_${digits.slice(9, 15)}${extension}`;
}
