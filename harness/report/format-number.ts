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
