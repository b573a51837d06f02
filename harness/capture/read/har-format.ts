import { z } from 'zod';

/** The year 9999, in milliseconds. */
const MAX_TIME = 253_402_300_799_999;

/** One message, as a browser records it beside the entry of its request (Chrome 76 and later). */
const Message = z.object({
  /** `send`, `receive`, `error`. */
  type: z.string(),
  /** Since 1970: in seconds from Chrome, in milliseconds from some others. */
  time: z.number().min(0).max(MAX_TIME),
  opcode: z.number(),
  /** Text as it is; any other as base64. */
  data: z.string(),
});

const Header = z.object({ name: z.string(), value: z.string() });

/** An entry of a WebSocket; what is in it besides is left out. */
export const WebSocketEntry = z.object({
  startedDateTime: z.string().optional(),
  request: z.object({ url: z.string() }),
  response: z.object({ status: z.number().optional(), headers: z.array(Header).optional() }).optional(),
  _webSocketMessages: z.array(Message),
});

/** A HAR (HTTP Archive 1.2), as far as it is looked at. */
export const Har = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });

export type HarMessage = z.infer<typeof Message>;
export type HarWebSocket = z.infer<typeof WebSocketEntry>;
