import { z } from 'zod';
import type { ActiveFault } from '../active-fault.ts';
import type { FaultDefinition } from '../fault-definition.ts';
import type { FrameFault } from './wire/frame-fault.ts';

/** A fault in the frames of a WebSocket. */
export interface WebSocketFault extends FaultDefinition {
  readonly level: 'websocket';
  /** Called once for each connection and half; `fault.half` is `write` in what our side sends. */
  open(fault: ActiveFault): FrameFault;
}

type WebSocketFaultOptions<Shape extends z.ZodRawShape> = Pick<WebSocketFault, 'name' | 'summary' | 'calls'> & {
  readonly benign?: boolean;
  readonly parameters?: z.ZodObject<Shape>;
  readonly open: (fault: ActiveFault, parameters: z.output<z.ZodObject<Shape>>) => FrameFault;
};

/** A fault of the WebSocket level, of either half, and of `write` unless the plan says otherwise. */
export function webSocketFault<Shape extends z.ZodRawShape = z.ZodRawShape>(
  options: WebSocketFaultOptions<Shape>,
): WebSocketFault {
  const { open, parameters, benign = false, ...rest } = options;
  // Without a shape of its own, the shape is the empty one.
  const schema = parameters ?? (z.object({}) as unknown as z.ZodObject<Shape>);
  return {
    ...rest,
    level: 'websocket',
    halves: ['write', 'read'],
    defaultHalves: ['write'],
    benign,
    parameters: schema,
    // What `fault` holds was made by this same schema.
    open: (fault) => open(fault, fault.parameters as z.output<z.ZodObject<Shape>>),
  };
}
