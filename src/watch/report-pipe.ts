import { Socket } from 'node:net';
import { writeLine, type ReportLine } from './report-lines.ts';

/** A supervisor that has not read so much for so long reads no more. */
const MAX_WAITING_BYTES = 65_536;

/**
 * Where a watchdog reports to its supervisor. Never waits for the supervisor: one that is stuck or suspended itself must
 * not hold up the trace. Does not keep the thread alive.
 */
export class ReportPipe {
  readonly #fd: number;
  /** null for a file, which takes everything at once, and for what is none. */
  readonly #socket: Socket | null;

  constructor(fd: number) {
    this.#fd = fd;
    this.#socket = openPipe(fd);
  }

  /** What the supervisor does not take is dropped: signs of life first. */
  send(line: ReportLine): void {
    const text = JSON.stringify(line);
    if (this.#socket === null) {
      writeLine(this.#fd, text);
      return;
    }
    const waiting = this.#socket.writableLength;
    if (line.relayscope === 'alive' ? waiting === 0 : waiting < MAX_WAITING_BYTES) this.#socket.write(`${text}\n`);
  }
}

/** As a Socket a pipe does not block; the descriptors of the program's own input and output stay as they are. */
function openPipe(fd: number): Socket | null {
  if (fd <= 2) return null;
  try {
    const socket = new Socket({ fd, readable: false, writable: true });
    // Nobody listens any more, and the trace has it all the same.
    socket.on('error', () => undefined);
    socket.unref();
    return socket;
  } catch {
    return null;
  }
}
