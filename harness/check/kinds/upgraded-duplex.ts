import { createHash } from 'node:crypto';
import { PollDuplex } from './poll-duplex.ts';

/** What the protocol adds to the key before it is hashed (RFC 6455, 1.3). */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * The connection of a WebSocket whose upgrade never goes over the wire, so that all of its room is for frames: a client's
 * request is answered here, a server's answer goes nowhere. Everything after that goes through.
 */
export class UpgradedDuplex extends PollDuplex {
  #isUpgraded = false;

  override _write(chunk: Buffer, encoding: string, done: (error?: Error | null) => void): void {
    if (this.#isUpgraded) {
      super._write(chunk, encoding, done);
      return;
    }
    this.#isUpgraded = true;
    const [, key] = /^sec-websocket-key: *(\S+)/im.exec(chunk.toString('latin1')) ?? [];
    if (key !== undefined) this.push(answerTo(key));
    done();
  }
}

function answerTo(key: string): string {
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${createHash('sha1').update(`${key}${GUID}`).digest('base64')}`,
    '\r\n',
  ].join('\r\n');
}
