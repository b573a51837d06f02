import { z } from 'zod';
import type { Half } from '../../src/poll/direction.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { ActiveFault } from './active-fault.ts';

export const FAULT_LEVELS = ['poll', 'websocket', 'transport'] as const;
/** What a fault breaks: a polled stream, the frames of a WebSocket, the bytes of a connection. */
export type FaultLevel = (typeof FAULT_LEVELS)[number];

/** One kind of fault. One file each; `fault-registry.ts` lists them. */
export interface FaultDefinition {
  /** As in a plan: lower case, words joined by hyphens. */
  readonly name: string;
  readonly level: FaultLevel;
  /** One line for the list of faults. */
  readonly summary: string;
  /** Fields of its own, each with a default and a description; the message of an issue is what was expected, as a phrase. */
  readonly parameters: z.ZodObject;
  /** The halves on which it can act. */
  readonly halves: readonly Half[];
  /** Those on which it does if the plan does not say. Default: all of `halves`. */
  readonly defaultHalves?: readonly Half[];
  /** Which calls are counted: those on which it can act. `writes that took bytes` */
  readonly calls: string;
  /** Whether a correct copy must come through it, whole: what is slow, short or woken for nothing. */
  readonly benign: boolean;
  /** The class of finding that it provokes, if one. */
  readonly class?: string;
}

/** A fault that wraps a polled stream. */
export interface PollFault extends FaultDefinition {
  readonly level: 'poll';
  /** Called once for each half on which it acts; `fault.half` is that half. */
  wrap(inner: PollStream, fault: ActiveFault): PollStream;
}

type PollFaultOptions<Shape extends z.ZodRawShape> = Omit<PollFault, 'level' | 'parameters' | 'wrap' | 'benign'> & {
  readonly benign?: boolean;
  readonly parameters?: z.ZodObject<Shape>;
  readonly wrap: (inner: PollStream, fault: ActiveFault, parameters: z.output<z.ZodObject<Shape>>) => PollStream;
};

/** A fault of the poll level; its `wrap` gets the parameters with their types and defaults. */
export function pollFault<Shape extends z.ZodRawShape = z.ZodRawShape>(options: PollFaultOptions<Shape>): PollFault {
  const { wrap, parameters, benign = false, ...rest } = options;
  // Without a shape of its own, the shape is the empty one.
  const schema = parameters ?? (z.object({}) as unknown as z.ZodObject<Shape>);
  return {
    ...rest,
    level: 'poll',
    benign,
    parameters: schema,
    // What `fault` holds was made by this same schema.
    wrap: (inner, fault) => wrap(inner, fault, fault.parameters as z.output<z.ZodObject<Shape>>),
  };
}

/** The connection under a stream, for a fault that does to it what no stream does. */
export interface FaultyLink {
  /** Sends what was written, and a reset. */
  reset(): void;
  /** Ends the writing half: a FIN after what was written. */
  end(): void;
  /** Closes the connection in the ordinary way, as the system does for a program that has ended. */
  close(): void;
  /** Calls back once the connection is over, however it ended; at once if it is. Timers of a fault end with it. */
  whenOver(callback: () => void): void;
}

/** What is done with a connection that has just come. `silent`: it is held, and nothing is said. */
export type Admission =
  { readonly kind: 'refuse' } | { readonly kind: 'silent' } | { readonly kind: 'delay'; readonly ms: number };

/** A fault of a TCP connection, at one of its two sides: `a` who connected, `b` the target. */
export interface TransportFault extends FaultDefinition {
  readonly level: 'transport';
  /** For what happens to the bytes. Called once for each half on which it acts. */
  wrap?(inner: PollStream, fault: ActiveFault, link: FaultyLink): PollStream;
  /** For what happens as a connection comes; null: it is let in. */
  admit?(fault: ActiveFault): Admission | null;
}

type TransportFaultOptions<Shape extends z.ZodRawShape> = Omit<
  TransportFault,
  'level' | 'parameters' | 'wrap' | 'admit' | 'benign'
> & {
  readonly benign?: boolean;
  readonly parameters?: z.ZodObject<Shape>;
  readonly wrap?: (
    inner: PollStream,
    fault: ActiveFault,
    link: FaultyLink,
    parameters: z.output<z.ZodObject<Shape>>,
  ) => PollStream;
  readonly admit?: (fault: ActiveFault, parameters: z.output<z.ZodObject<Shape>>) => Admission | null;
};

/** A fault of the transport level; its functions get the parameters with their types and defaults. */
export function transportFault<Shape extends z.ZodRawShape = z.ZodRawShape>(
  options: TransportFaultOptions<Shape>,
): TransportFault {
  const { wrap, admit, parameters, benign = false, ...rest } = options;
  // Without a shape of its own, the shape is the empty one.
  const schema = parameters ?? (z.object({}) as unknown as z.ZodObject<Shape>);
  // What a fault holds was made by this same schema.
  const own = (fault: ActiveFault): z.output<z.ZodObject<Shape>> => fault.parameters as z.output<z.ZodObject<Shape>>;
  return {
    ...rest,
    level: 'transport',
    benign,
    parameters: schema,
    ...(wrap === undefined ? {} : { wrap: (inner, fault, link) => wrap(inner, fault, link, own(fault)) }),
    ...(admit === undefined ? {} : { admit: (fault) => admit(fault, own(fault)) }),
  };
}
