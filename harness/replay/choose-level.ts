import { RelayscopeError } from '../../src/errors.ts';
import type { Conversation, ReplayLevel, Turn } from './conversation.ts';
import { socksPreamble } from './socks-preamble.ts';
import type { Track } from './track.ts';

/** What is known of a connection, level by level. */
export interface KnownLevels {
  readonly tcp: Track;
  /** Null: it is none. */
  readonly webSocket: Track | null;
  readonly tunnel: Track | null;
  /** Both directions were captured. */
  readonly isWhole: boolean;
}

interface Chosen {
  readonly level: ReplayLevel;
  readonly track: Pick<Conversation, 'turns' | 'missing'> & { readonly said: readonly [Uint8Array, Uint8Array] };
}

/**
 * The level that was asked for; else the innermost one that the connection has. Of a connection with one direction only that
 * is its bytes: acknowledgements count those, and not what is in them. Throws REPLAY_LEVEL_UNKNOWN.
 */
export function chooseLevel(asked: ReplayLevel | undefined, known: KnownLevels): Chosen {
  const { tcp, webSocket, tunnel, isWhole } = known;
  const level = asked ?? (isWhole ? innermost(known) : 'tcp');
  switch (level) {
    case 'tcp':
      return { level, track: tcp };
    case 'tunnel':
    case 'websocket': {
      const track = level === 'tunnel' ? tunnel : webSocket;
      if (track === null) throw unknown(level);
      return { level, track };
    }
    case 'socks':
    case null: {
      const inner = withoutPreamble(tcp);
      if (inner !== null) return { level: 'socks', track: inner };
      if (level === 'socks') throw unknown(level);
      return { level: 'tcp', track: tcp };
    }
  }
}

/** Null: the stream's own bytes. A level at which no message became whole says nothing, although bytes have come. */
function innermost({ webSocket, tunnel }: KnownLevels): ReplayLevel | null {
  const says = (track: Track | null): boolean => track?.turns.some(({ kind }) => kind === 'bytes') === true;
  return says(tunnel) ? 'tunnel' : says(webSocket) ? 'websocket' : null;
}

/** What was said after the handshake with a proxy; null: there was none. */
function withoutPreamble({ said, turns, missing }: Track): Chosen['track'] | null {
  const [a, b] = [socksPreamble(said[0], true), socksPreamble(said[1], false)];
  if (a === null || b === null) return null;
  const cut = [a, b] as const;
  const inner = turns.flatMap((turn): Turn[] => {
    const [own, other] = [cut[turn.from], cut[turn.from === 0 ? 1 : 0]];
    if (turn.kind === 'bytes' && turn.end <= own) return [];
    const from = (at: number, by: number): number => Math.max(0, at - by);
    return [{ ...turn, start: from(turn.start, own), end: from(turn.end, own), after: from(turn.after, other) }];
  });
  return {
    said: [said[0].subarray(a), said[1].subarray(b)],
    turns: inner,
    missing: missing
      .filter(({ from, offset, length }) => offset + length > cut[from])
      .map((gap) => ({ ...gap, offset: Math.max(0, gap.offset - cut[gap.from]) })),
  };
}

function unknown(level: ReplayLevel): RelayscopeError {
  return new RelayscopeError(
    'REPLAY_LEVEL_UNKNOWN',
    `No ${level} in this flow: expected a level that it has, such as tcp`,
  );
}
