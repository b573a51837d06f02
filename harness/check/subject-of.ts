import { CheckError } from './check-error.ts';
import type { CheckOptions, InnerKind, StreamFactory } from './check-options.ts';
import { pollSubject } from './inner/poll-subject.ts';
import { duplexSubject, webSocketSubject } from './kinds/layered-subject.ts';
import { showValue } from './show-value.ts';
import type { Subject } from './subject.ts';

/** What is checked, by the kind of its inner side. Throws CHECK_OPTION_INVALID. */
export function subjectOf<Kind extends InnerKind>(factory: StreamFactory<Kind>, options: CheckOptions<Kind>): Subject {
  const kind: InnerKind = options.inner ?? 'poll';
  // The kind says what the factory takes.
  switch (kind) {
    case 'poll':
      return pollSubject(factory as StreamFactory<'poll'>, options as unknown as CheckOptions<'poll'>);
    case 'duplex':
      return duplexSubject(factory as StreamFactory<'duplex'>, options as unknown as CheckOptions<'duplex'>);
    case 'websocket':
      return webSocketSubject(factory as StreamFactory<'websocket'>, options as unknown as CheckOptions<'websocket'>);
  }
  throw new CheckError(
    'CHECK_OPTION_INVALID',
    `Wrong inner: expected poll, duplex or websocket, got ${showValue(kind)}`,
  );
}
