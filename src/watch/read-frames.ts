import type { StackFrame } from '../trace/trace-note.ts';
import type { InspectorClient } from './inspector-client.ts';

/** Of the Chrome DevTools Protocol, as far as it is used here. */
export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly url: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number };
  /** Where the function begins. */
  readonly functionLocation?: { readonly scriptId: string; readonly lineNumber: number };
  readonly scopeChain: readonly { readonly type: string; readonly object: RemoteObject }[];
  readonly this: RemoteObject;
}

interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly className?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly description?: string;
  readonly objectId?: string;
  readonly preview?: { readonly overflow: boolean; readonly properties: readonly PropertyPreview[] };
}

interface PropertyPreview {
  readonly name: string;
  /** As for a RemoteObject, or `accessor`. */
  readonly type: string;
  readonly value?: string;
}

interface Property {
  readonly name: string;
  /** Absent for an accessor, which is not called, and for a variable that the compiler has done away with. */
  readonly value?: RemoteObject;
  readonly get?: RemoteObject;
  readonly set?: RemoteObject;
}

interface Properties {
  readonly result: readonly Property[];
  readonly privateProperties?: readonly Property[];
}

type Local = StackFrame['locals'][number];

const MAX_FRAMES = 32;
const MAX_LOCALS = 40;
const MAX_VALUE_CHARS = 120;

/** The frames of a paused thread, innermost first, with what is to be seen in each. Bounded in every way. */
export async function readFrames(
  client: InspectorClient,
  callFrames: readonly CallFrame[],
  urls: ReadonlyMap<string, string>,
): Promise<{ frames: StackFrame[]; omitted: number }> {
  const frames: StackFrame[] = [];
  for (const frame of callFrames.slice(0, MAX_FRAMES)) {
    const { location } = frame;
    const url = urls.get(location.scriptId) ?? frame.url;
    frames.push({
      function: nameOf(frame),
      url,
      line: location.lineNumber + 1,
      column: (location.columnNumber ?? 0) + 1,
      // Node's own variables explain nothing to anybody here.
      locals: url.startsWith('node:') ? [] : await localsOf(client, frame),
    });
  }
  return { frames, omitted: callFrames.length - frames.length };
}

/** With its class, as a stack trace has it: `CopyBuffer.pollCopy`. */
function nameOf({ functionName, this: self }: CallFrame): string {
  if (functionName === '') return '(anonymous)';
  const { className = '' } = self;
  const isPlain = self.objectId === undefined || ['', 'Object', 'global', 'Function'].includes(className);
  return isPlain || functionName.includes('.') ? functionName : `${className}.${functionName}`;
}

async function localsOf(client: InspectorClient, { scopeChain, this: self }: CallFrame): Promise<Local[]> {
  const locals: Local[] = [];
  for (const { type, object } of scopeChain) {
    if (!['block', 'catch', 'local', 'module', 'eval'].includes(type)) break;
    locals.push(...(await propertiesOf(client, object, '')));
    // What lies further out belongs to other functions; a module's own code has no `local`.
    if (type === 'local') break;
  }
  const isInstance = self.type === 'object' && !['global', 'Object', undefined].includes(self.className);
  if (isInstance) locals.push(...(await propertiesOf(client, self, 'this.')));
  return locals.slice(0, MAX_LOCALS);
}

async function propertiesOf(client: InspectorClient, { objectId }: RemoteObject, prefix: string): Promise<Local[]> {
  if (objectId === undefined) return [];
  const answer = await client.post('Runtime.getProperties', { objectId, ownProperties: true, generatePreview: true });
  const { result, privateProperties = [] } = answer as Properties;
  return [...result, ...privateProperties].slice(0, MAX_LOCALS).flatMap((property) => {
    const { name, value, get, set } = property;
    // Functions and methods are the program's text, not its state.
    if (get !== undefined || set !== undefined || value?.type === 'function') return [];
    if (name === '__proto__' || name === 'this') return [];
    return [{ name: prefix + name, value: value === undefined ? '(optimized away)' : textOf(value) }];
  });
}

/** One line, bounded: `69`, `"text"`, `Uint8Array(2048)`, `{ pos: 69, cap: 68 }`. */
function textOf(object: RemoteObject): string {
  const { type, subtype, value, unserializableValue, description, className, preview } = object;
  if (unserializableValue !== undefined) return unserializableValue;
  if (type === 'undefined') return 'undefined';
  if (subtype === 'null') return 'null';
  if (type === 'string') return clip(JSON.stringify(value));
  // Loops written as plain functions keep their state in a plain object.
  if (className === 'Object' && preview !== undefined) {
    const fields = preview.properties.filter((one) => one.type !== 'function' && one.type !== 'accessor').map(fieldOf);
    return clip(`{ ${[...fields, ...(preview.overflow ? ['…'] : [])].join(', ')} }`);
  }
  return clip((description ?? className ?? String(value)).split('\n')[0] ?? '');
}

function fieldOf({ name, type, value = '' }: PropertyPreview): string {
  return `${name}: ${type === 'string' ? JSON.stringify(value) : value}`.replaceAll('\n', ' ');
}

function clip(text: string): string {
  return text.length <= MAX_VALUE_CHARS ? text : `${text.slice(0, MAX_VALUE_CHARS)}…`;
}
