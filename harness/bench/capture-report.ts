import {
  CAPTURE_SHAPES,
  CAPTURE_VARIANTS,
  type CaptureCounts,
  type CaptureMeasurement,
  type CaptureShape,
  type CaptureVariant,
} from './capture-variant.ts';
import { thousands } from '../report/format-number.ts';
import { median, ratioOf, type Ratio } from './ratio.ts';

/** What was measured on one capture. */
export interface CaptureRounds {
  readonly counts: CaptureCounts;
  /** One for each round. */
  readonly rounds: Readonly<Record<CaptureVariant, readonly CaptureMeasurement[]>>;
  /** Null where tshark is not installed, or was not asked for. */
  readonly tshark: TsharkMeasurement | null;
}

/** Whole processes, one after the other, from before their start to after their end. */
export interface TsharkMeasurement {
  readonly tsharkMs: number;
  /** Whether it came to the end of the capture; if not, its time is a lower bound. */
  readonly isWhole: boolean;
  readonly framesMs: number;
  readonly payloadMs: number;
}

/** Of what is compared, and with what; the most that it may be, by shape. */
const RATIOS = [
  { name: 'framesToWalk', of: 'frames', to: 'walk', target: { big: 2, small: 4 } },
  { name: 'payloadToWalk', of: 'payload', to: 'walk', target: null },
  { name: 'framesToRead', of: 'frames', to: 'read', target: null },
  { name: 'walkToRead', of: 'walk', to: 'read', target: null },
] as const;
type RatioName = (typeof RATIOS)[number]['name'];
/** Times faster than tshark, at the least. */
const TSHARK_TARGET = 15;

interface ShapeReport {
  readonly bytes: number;
  readonly packets: number;
  readonly messages: number;
  /** Of one pass: the median over the rounds of the fastest of each. */
  readonly ms: Readonly<Record<CaptureVariant, number>>;
  readonly nsPerPacket: Readonly<Record<CaptureVariant, number>>;
  readonly ratios: Readonly<Record<RatioName, Ratio>>;
  readonly peakMegabytes: Readonly<Record<CaptureVariant, number>>;
  readonly tshark: (TsharkMeasurement & { readonly timesFrames: number; readonly timesPayload: number }) | null;
}

/** What `--json` prints. */
export interface CaptureReport {
  readonly schema: 1;
  readonly rounds: number;
  readonly node: string;
  readonly shapes: Readonly<Record<CaptureShape, ShapeReport>>;
}

export function captureReport(shapes: Readonly<Record<CaptureShape, CaptureRounds>>, node: string): CaptureReport {
  return {
    schema: 1,
    rounds: shapes.big.rounds.walk.length,
    node,
    shapes: { big: shapeReport(shapes.big), small: shapeReport(shapes.small) },
  };
}

function shapeReport({ counts, rounds, tshark }: CaptureRounds): ShapeReport {
  const { bytes, packets, messages } = counts;
  const times = byVariant((variant) => rounds[variant].map(({ ms }) => ms));
  const ms = byVariant((variant) => median(times[variant]));
  const ratios = Object.fromEntries(RATIOS.map(({ name, of, to }) => [name, rounded(ratioOf(times[of], times[to]))]));
  return {
    bytes,
    packets,
    messages,
    ms: byVariant((variant) => hundredths(ms[variant])),
    nsPerPacket: byVariant((variant) => hundredths((ms[variant] * 1e6) / packets)),
    // Made of the names, one for each.
    ratios: ratios as Record<RatioName, Ratio>,
    peakMegabytes: byVariant((variant) =>
      Math.round(Math.max(...rounds[variant].map(({ peakBytes }) => peakBytes)) / 1e6),
    ),
    tshark: tshark && {
      ...tshark,
      timesFrames: hundredths(tshark.tsharkMs / tshark.framesMs),
      timesPayload: hundredths(tshark.tsharkMs / tshark.payloadMs),
    },
  };
}

/** The same for a person. */
export function captureText({ rounds, node, shapes }: CaptureReport): string {
  return `Node ${node}, ${rounds} rounds\n${CAPTURE_SHAPES.map((shape) => shapeText(shape, shapes[shape])).join('')}`;
}

function shapeText(shape: CaptureShape, report: ShapeReport): string {
  const { bytes, packets, messages, ms, nsPerPacket, ratios, peakMegabytes, tshark } = report;
  const lines = [
    `\n${shape}: ${thousands(bytes)} bytes, ${thousands(packets)} packets, ${thousands(messages)} messages`,
    '            ms a pass   ns a packet   peak MB',
    ...CAPTURE_VARIANTS.map(
      (variant) =>
        `  ${variant.padEnd(8)} ${ms[variant].toFixed(1).padStart(10)} ${nsPerPacket[variant].toFixed(1).padStart(13)} ` +
        String(peakMegabytes[variant]).padStart(9),
    ),
    ...RATIOS.map(({ name, of, to, target }) => {
      const { median: middle, min, max } = ratios[name];
      const most = target === null ? '' : `   target ${target[shape]}`;
      return `  ${of} to ${to}: ${middle.toFixed(2)} (${min.toFixed(2)} … ${max.toFixed(2)})${most}`;
    }),
    tshark === null ? '  tshark: not measured' : tsharkText(tshark),
  ];
  return `${lines.join('\n')}\n`;
}

function tsharkText(tshark: NonNullable<ShapeReport['tshark']>): string {
  const { tsharkMs, isWhole, framesMs, payloadMs, timesFrames, timesPayload } = tshark;
  const least = isWhole ? '' : 'more than ';
  return (
    `  tshark -Y websocket: ${least}${thousands(Math.round(tsharkMs))} ms; whole processes: frames ${Math.round(framesMs)} ms, ` +
    `${least}${timesFrames} times faster, payload ${Math.round(payloadMs)} ms, ${least}${timesPayload} times   target ${TSHARK_TARGET}`
  );
}

function byVariant(of: (variant: CaptureVariant) => number): Record<CaptureVariant, number>;
function byVariant(of: (variant: CaptureVariant) => number[]): Record<CaptureVariant, number[]>;
function byVariant(of: (variant: CaptureVariant) => unknown): unknown {
  return Object.fromEntries(CAPTURE_VARIANTS.map((variant) => [variant, of(variant)]));
}

function rounded({ median: middle, min, max }: Ratio): Ratio {
  return { median: hundredths(middle), min: hundredths(min), max: hundredths(max) };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
