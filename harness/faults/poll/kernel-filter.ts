import { z } from 'zod';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { Kind, SocketState } from '../../../src/trace/event-kind.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

interface Parameters {
  readonly by: number;
  readonly believed: boolean;
}

/**
 * A model of a filter in the kernel, as VPN clients and virus scanners install them: the bytes go their way, and the system call
 * returns the length of what the filter has made of them. The adapter of the socket above it tells of the call, as one may.
 */
export const kernelFilter = pollFault({
  name: 'kernel-filter',
  summary: 'a filter in the kernel lets the system call report more than it was given',
  halves: ['write'],
  calls: 'writes that took bytes',
  class: 'os-over-report',
  parameters: z.object({
    by: z
      .int({ error: 'a whole number from 1' })
      .min(1, 'a whole number from 1')
      .default(1)
      .describe('so many bytes more than were taken'),
    believed: z
      .boolean({ error: 'true or false' })
      .default(true)
      .describe('false: the adapter of the socket checks it'),
  }),
  wrap: (inner, fault, parameters) => new KernelFilterStream(inner, fault, parameters),
});

class KernelFilterStream extends HalfStream {
  readonly #parameters: Parameters;
  #isTold = false;

  constructor(inner: PollStream, fault: ActiveFault, parameters: Parameters) {
    super(inner, fault);
    this.#parameters = parameters;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    const taken = this.pass(cx, bytes, start, end, given);
    if (!(taken > 0) || !this.fault.fires()) return taken;
    const { by, believed } = this.#parameters;
    if (!this.#isTold) cx.note?.(Kind.SOCKET, SocketState.CONNECTED, 0);
    this.#isTold = true;
    cx.note?.(Kind.INNER_WRITE, taken + by, end - start);
    return believed ? taken + by : taken;
  }
}
