import { Exchange } from '../capture/protocol/exchange.ts';
import { SocksReader } from '../capture/protocol/socks/socks-reader.ts';
import { socksVersion } from '../capture/protocol/socks/socks-version.ts';

/** No handshake is longer, however many methods, names and passwords it has. */
const MAX_PREAMBLE_BYTES = 2048;
/** Enough to tell which version it is. */
const VERSION_BYTES = 600;

/** How many bytes of what one side said are its part in a handshake of SOCKS; null: they do not begin with a whole one. */
export function socksPreamble(said: Uint8Array, isClient: boolean): number | null {
  let rest = Buffer.from(said.subarray(0, MAX_PREAMBLE_BYTES));
  const exchange = new Exchange();
  if (!isClient) {
    // More than the reply is there, and it is right only if it is one of the version that its first byte says.
    exchange.isClientHeard = true;
    exchange.socks = rest[0] === 5 ? 5 : 4;
  }
  const version = socksVersion(rest.subarray(0, VERSION_BYTES), isClient, exchange);
  if (version === null || version === 'unsure') return null;
  const reader = new SocksReader(version, isClient, exchange);
  let taken = 0;
  for (;;) {
    const step = reader.step(rest);
    if (step.kind !== 'taken') return null;
    taken += step.bytes;
    if (step.isOver) return taken;
    rest = rest.subarray(step.bytes);
  }
}
