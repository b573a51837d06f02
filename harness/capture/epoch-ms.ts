/** The time of a packet or an event in milliseconds since 1970; a double keeps a quarter of a microsecond of it. */
export function epochMs({ seconds, nanoseconds }: { readonly seconds: number; readonly nanoseconds: number }): number {
  return seconds * 1000 + nanoseconds / 1e6;
}
