const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** `5m`, `90s`, `1.5h`, `250ms` in milliseconds, `off` as Infinity; null for anything else, 0 among it. */
export function parseTimeSpan(text: string): number | null {
  if (text === 'off') return Infinity;
  const [, number = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS.get(unit) ?? 0);
  return ms > 0 ? ms : null;
}

/** As it can be given again: `5m`, `90s`, `off`. */
export function timeSpanText(ms: number): string {
  if (ms === Infinity) return 'off';
  for (const [unit, size] of [...UNITS].toReversed()) if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  return `${ms}ms`;
}
