/** Turns a 64-bit count of units since 1970 into seconds and nanoseconds. */
export type TimestampReader = (high: number, low: number, into: { seconds: number; nanoseconds: number }) => void;

/**
 * For an interface's if_tsresol and if_tsoffset (pcapng, section 4.2).
 *
 * @param resolution The option's byte: a negative power of 10, or of 2 if its highest bit is set.
 * @param offsetSeconds Added to each.
 */
export function timestampReader(resolution: number, offsetSeconds: number): TimestampReader {
  const exponent = resolution & 0x7f;
  if (resolution < 0x80 && exponent <= 9) return decimal(10 ** exponent, offsetSeconds);
  return exact(resolution < 0x80 ? 10n ** BigInt(exponent) : 2n ** BigInt(exponent), offsetSeconds);
}

/** Without BigInt, which each packet would pay for: up to 2^50 seconds, all that is rounded here comes out whole again. */
function decimal(unitsPerSecond: number, offsetSeconds: number): TimestampReader {
  const nanosecondsPerUnit = 1e9 / unitsPerSecond;
  return (high, low, into) => {
    // 32 bits and zeros: exact in a double, and so is its remainder.
    const upper = high * 0x1_0000_0000;
    const upperRest = upper % unitsPerSecond;
    const rest = upperRest + low;
    const units = rest % unitsPerSecond;
    into.seconds = Math.round((upper - upperRest) / unitsPerSecond) + (rest - units) / unitsPerSecond + offsetSeconds;
    into.nanoseconds = units * nanosecondsPerUnit;
  };
}

function exact(unitsPerSecond: bigint, offsetSeconds: number): TimestampReader {
  return (high, low, into) => {
    const units = (BigInt(high) << 32n) | BigInt(low);
    into.seconds = Number(units / unitsPerSecond) + offsetSeconds;
    into.nanoseconds = Number(((units % unitsPerSecond) * 1_000_000_000n) / unitsPerSecond);
  };
}
