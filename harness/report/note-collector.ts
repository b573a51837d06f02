import type {
  ConnectionNote,
  EndNote,
  SocketsNote,
  StackNote,
  TraceAbout,
  Verdict,
} from '../../src/trace/trace-note.ts';
import type { TraceEvent } from '../../src/trace/trace-event.ts';
import type { InspectedItem } from './inspected-item.ts';
import { Texts } from './texts.ts';
import { MAX_CONNECTIONS } from './trace-totals.ts';

/** Of each sort of note so many are kept; all are counted. Each may be a megabyte. */
const MAX_NOTES = 16;
/** Of a connection's names and end so much is kept, since there may be many thousands. */
const MAX_NAME_CHARS = 400;

/** A list of which only the first are kept, and the last. */
export interface Bounded<T> {
  readonly kept: T[];
  count: number;
}

/** What a trace holds beside its events, in bounded memory. */
export class NoteCollector {
  about: TraceAbout = {};
  end: EndNote | null = null;
  /** By their numbers; a later note adds to an earlier one. */
  readonly names = new Map<number, ConnectionNote>();
  readonly verdicts: Bounded<Verdict> = { kept: [], count: 0 };
  readonly stacks: Bounded<StackNote> = { kept: [], count: 0 };
  readonly sockets: Bounded<SocketsNote> = { kept: [], count: 0 };
  readonly warnings: Bounded<string> = { kept: [], count: 0 };
  readonly texts = new Texts();
  readonly payloads = { count: 0, bytes: 0 };

  add(item: InspectedItem): void {
    switch (item.kind) {
      case 'about':
        this.about = { ...this.about, ...item.about };
        break;
      case 'connection':
        if (this.names.size < MAX_CONNECTIONS || this.names.has(item.note.connection)) {
          this.names.set(item.note.connection, { ...this.names.get(item.note.connection), ...shortened(item.note) });
        }
        break;
      case 'stack':
        keep(this.stacks, item.note);
        break;
      case 'sockets':
        keep(this.sockets, item.note);
        break;
      case 'verdict':
        keep(this.verdicts, item.verdict);
        break;
      case 'payload':
        this.payloads.count += 1;
        this.payloads.bytes += item.payload.bytes.length;
        break;
      case 'end':
        this.end = item.note;
        break;
      case 'warning':
        keep(this.warnings, item.message);
        break;
      case 'string':
        this.texts.add(item.id, item.text);
        break;
      case 'records':
      case 'gap':
        break;
    }
  }

  /** Events with their texts. */
  told(events: readonly TraceEvent[]): readonly TraceEvent[] {
    return events.map((event) => this.texts.told(event));
  }

  /** Collects while the items go by. */
  async *through(items: AsyncIterable<InspectedItem>): AsyncGenerator<InspectedItem> {
    for await (const item of items) {
      this.add(item);
      yield item;
    }
  }
}

/** The fields that are known here, none of them longer than a name should be. */
function shortened({ connection, a, b, openedMs, closedMs, end }: ConnectionNote): ConnectionNote {
  return {
    connection,
    ...(a === undefined ? {} : { a: shortText(a) }),
    ...(b === undefined ? {} : { b: shortText(b) }),
    ...(openedMs === undefined ? {} : { openedMs }),
    ...(closedMs === undefined ? {} : { closedMs }),
    ...(end === undefined ? {} : { end: shortText(end) }),
  };
}

/** A copy of its own, where a mere slice would keep the whole text alive. */
function shortText(text: string): string {
  return text.length <= MAX_NAME_CHARS ? text : Buffer.from(text.slice(0, MAX_NAME_CHARS)).toString();
}

/** The last place is for the latest: what was said at the end matters most. */
function keep<T>(list: Bounded<T>, value: T): void {
  list.count += 1;
  if (list.kept.length === MAX_NOTES) list.kept.pop();
  list.kept.push(value);
}
