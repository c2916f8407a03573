const UNIT_MS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a time as compose files and units of systemd have it: `1m30s`, `1min 30s`, `90`; nothing when it is none. */
export function timeSpanMs(text: string): number | undefined {
  if (text.trim() === 'infinity') return Infinity;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)];
  const rest = text.replace(/(\d+(?:\.\d+)?)\s*([a-z]*)/g, '').trim();
  const times = parts.map(([, number, unit]) => Number(number) * (UNIT_MS[unit === '' ? 's' : (unit ?? '')] ?? NaN));
  const sum = times.reduce((total, time) => total + time, 0);
  return parts.length === 0 || rest !== '' || Number.isNaN(sum) ? undefined : sum;
}
