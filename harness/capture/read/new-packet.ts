import type { CapturedPacket } from '../captured-packet.ts';

/** The object that a reader fills again for each packet. */
export function newPacket(): CapturedPacket {
  return {
    number: 0,
    fileOffset: 0,
    seconds: 0,
    nanoseconds: 0,
    linkType: 0,
    interfaceIndex: 0,
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    wireBytes: 0,
  };
}
