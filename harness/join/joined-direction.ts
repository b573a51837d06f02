import type { Direction } from '../../src/poll/direction.ts';
import type { FlowDirection } from '../capture/tcp-flow.ts';
import type { CopySide } from './copy-summary.ts';
import type { CarriedBy, FlowSideSummary } from './flow-summary.ts';
import type { End, MatchedFlow, MatchedFlows } from './match-flows.ts';

/** One way through one flow: what of it is for the copy, and what else there is. */
export interface FlowWay {
  readonly flowId: number;
  readonly end: End;
  readonly carriedBy: CarriedBy;
  /** Without handshakes and framing. */
  readonly bytes: number;
  readonly points: readonly { readonly atMs: number; readonly offset: number }[];
  readonly side: FlowSideSummary;
  /** Some of it passed before the capture began, or in messages that are not in it: `bytes` are too few. */
  readonly isPartial: boolean;
  /** Bytes of a handshake with a proxy before them. */
  readonly preambleBytes: number;
  /** Bytes behind them of a frame that is not whole. */
  readonly unfinishedFrameBytes: number;
}

/** The same bytes on their way from one end to the other: in, through the copy's buffer, out. */
export interface JoinedDirection {
  readonly direction: Direction;
  readonly from: End;
  readonly to: End;
  /** Null: the flow is not in the capture. */
  readonly source: FlowWay | null;
  readonly copy: CopySide;
  readonly target: FlowWay | null;
}

/** Both directions of a copy, each beside the flows that it reads from and writes to. */
export function joinDirections(
  sides: Readonly<Record<Direction, CopySide>>,
  { a, b }: MatchedFlows,
): readonly [JoinedDirection, JoinedDirection] {
  return [
    {
      direction: 'a -> b',
      from: 'a',
      to: 'b',
      source: a === null ? null : wayOf(a, a.inbound),
      copy: sides['a -> b'],
      target: b === null ? null : wayOf(b, opposite(b.inbound)),
    },
    {
      direction: 'b -> a',
      from: 'b',
      to: 'a',
      source: b === null ? null : wayOf(b, b.inbound),
      copy: sides['b -> a'],
      target: a === null ? null : wayOf(a, opposite(a.inbound)),
    },
  ];
}

function wayOf({ flow, end }: MatchedFlow, direction: FlowDirection): FlowWay {
  const { bytes, points } = flow.carried(direction);
  const { carriedBy } = flow;
  const preambleBytes = carriedBy === 'socks' ? flow.preamble(direction) : 0;
  const unfinishedFrameBytes = flow.unfinishedFrameBytes(direction);
  return {
    unfinishedFrameBytes,
    flowId: flow.id,
    end,
    carriedBy,
    bytes,
    points,
    side: flow.sides[direction],
    isPartial: flow.isPartial(direction),
    preambleBytes,
  };
}

function opposite(direction: FlowDirection): FlowDirection {
  return direction === 0 ? 1 : 0;
}
