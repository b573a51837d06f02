import { z } from 'zod';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import type { ActiveFault } from '../active-fault.ts';
import { pollFault } from '../fault-definition.ts';
import { text } from '../fault-parameters.ts';
import { FaultError } from './fault-error.ts';
import { HalfStream, type Transfer } from './half-stream.ts';

const MAX_MESSAGE_CHARS = 100;

export const error = pollFault({
  name: 'error',
  summary: 'a read or a write fails',
  halves: ['read', 'write'],
  calls: 'calls',
  parameters: z.object({
    message: text(MAX_MESSAGE_CHARS).default('Connection reset by a fault').describe('what the error says'),
  }),
  wrap: (inner, fault, { message }) => new ErrorStream(inner, fault, message),
});

class ErrorStream extends HalfStream {
  readonly #message: string;

  constructor(inner: PollStream, fault: ActiveFault, message: string) {
    super(inner, fault);
    this.#message = message;
  }

  protected override transfer(...[cx, bytes, start, end, given]: Transfer): number {
    if (this.fault.fires(this.reached(start, end))) throw new FaultError(this.#message);
    return this.pass(cx, bytes, start, end, given);
  }
}
