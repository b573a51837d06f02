import { SocksReader, socksVersion } from '../capture/protocol/socks/socks-reader.ts';

/** No handshake is longer, however many methods, names and passwords it has. */
const MAX_PREAMBLE_BYTES = 2048;
/** Enough to tell which version it is. */
const VERSION_BYTES = 600;

/** How many bytes of what one side said are its part in a handshake of SOCKS; null: they do not begin with a whole one. */
export function socksPreamble(said: Uint8Array, isClient: boolean): number | null {
  let rest = Buffer.from(said.subarray(0, MAX_PREAMBLE_BYTES));
  const version = socksVersion(rest.subarray(0, VERSION_BYTES), isClient);
  if (version === null) return null;
  const reader = new SocksReader(version, isClient);
  let taken = 0;
  for (;;) {
    const step = reader.step(rest);
    if (step.kind !== 'taken') return null;
    taken += step.bytes;
    if (step.isOver) return taken;
    rest = rest.subarray(step.bytes);
  }
}
