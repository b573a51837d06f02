import type { PollStream } from '../../src/poll/poll-stream.ts';
import { DrivenDuplex } from './kinds/driven-duplex.ts';
import { DrivenWebStreams } from './kinds/driven-web-streams.ts';
import type { StreamLaw } from './stream-law.ts';

/** A law that cannot be asked of what a factory has made. */
export interface NotApplicable {
  readonly law: StreamLaw;
  readonly why: string;
}

const WEB_STREAMS: readonly NotApplicable[] = [
  { law: 're-entrancy', why: 'web streams answer by promises, never within a call' },
];
const NO_CALLBACKS: readonly NotApplicable[] = [
  { law: 'flush', why: 'its write() takes no callback that tells of it' },
];

/** By the kind of stream that it is driven as. */
export function notApplicableTo(stream: PollStream): readonly NotApplicable[] {
  if (stream instanceof DrivenWebStreams) return WEB_STREAMS;
  return stream instanceof DrivenDuplex && !stream.callsBack ? NO_CALLBACKS : [];
}

/** Whether it answers by events and promises, so that nothing of that can be known within a call. */
export function answersLater(stream: PollStream): boolean {
  return stream instanceof DrivenDuplex || stream instanceof DrivenWebStreams;
}
