const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `31,402,113` */
export function thousands(value: number): string {
  return whole.format(value);
}

/** `1 event`, `2 events` */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(value)} ${value === 1 ? noun : plural}`;
}

/** `283 ms`, `1.9 s`, `3 min 12 s`, `26 h 5 min` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${thousands(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

const utc = new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC', dateStyle: 'short', timeStyle: 'medium' });
/** As far as a date goes, in milliseconds from 1970. */
const MAX_DATE_MS = 8.64e15;

/** `2026-01-01 00:00:00 UTC`; undefined for 0 and for what is no date. */
export function dateTime(msSince1970: number | undefined): string | undefined {
  const isDate = msSince1970 !== undefined && msSince1970 !== 0 && Math.abs(msSince1970) <= MAX_DATE_MS;
  return isDate ? `${utc.format(msSince1970)} UTC` : undefined;
}
