/** Numbers and times as people read them. A dash where there is nothing to tell. */
export const NOTHING = '–';

const whole = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const calendar = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

type Maybe = number | null | undefined;

const shownBy =
  (show: (value: number) => string) =>
  (value: Maybe): string =>
    value === null || value === undefined ? NOTHING : show(value);

export const count = shownBy((value) => whole.format(value));

export const rate = shownBy((value) => (value === 0 ? '0' : digits(value)));

export const ms = shownBy((value) => {
  if (value >= 60_000) return `${digits(value / 60_000)} min`;
  return value >= 1000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`;
});

export const percent = shownBy((ratio) => `${digits(ratio * 100)} %`);

export const megabytes = shownBy((bytes) => `${digits(bytes / 2 ** 20)} MB`);

export const time = (at: number): string => clock.format(at);

export const date = (at: number): string => calendar.format(at);

export function duration(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  if (seconds < 60) return `${String(seconds)} s`;
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${String(hours)} h ${String(Math.floor((seconds % 3600) / 60))} min`;
  return `${String(Math.floor(hours / 24))} days`;
}

/** Three digits that mean something, no more than needed. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return whole.format(Math.round(value));
  if (size >= 10) return String(Math.round(value * 10) / 10);
  return String(Math.round(value * 100) / 100);
}
