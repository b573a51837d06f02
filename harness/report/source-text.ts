/** Nothing that is printed so is deeper. */
const MAX_DEPTH = 32;

/**
 * Plain data as the JavaScript that makes it, to be pasted: texts in single quotes, keys without where they can be, bytes as
 * `Buffer.from('68690a', 'hex')`. What does not fit into `columns` is broken into lines, as prettier does.
 */
export function sourceText(value: unknown, { columns = Infinity, indent = 0 } = {}): string {
  const line = onOneLine(value, 0);
  if (indent + line.length <= columns) return line;
  const pad = ' '.repeat(indent + 2);
  const end = `\n${' '.repeat(indent)}`;
  if (Array.isArray(value)) {
    const items = value.map((item) => `${pad}${sourceText(item, { columns, indent: indent + 2 })},`);
    return items.length === 0 ? line : `[\n${items.join('\n')}${end}]`;
  }
  if (!isPlain(value)) return line;
  const fields = fieldsOf(value).map(([key, field]) => {
    const name = `${pad}${keyText(key)}: `;
    return `${name}${sourceText(field, { columns, indent: indent + 2 })},`;
  });
  return fields.length === 0 ? line : `{\n${fields.join('\n')}${end}}`;
}

/** A text in single quotes. */
export function quotedText(text: string): string {
  // In JSON every quote within a text has a backslash of its own.
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
  return `'${inner.replaceAll("'", String.raw`\'`)}'`;
}

function onOneLine(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) return '…';
  if (typeof value === 'string') return quotedText(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (value instanceof Uint8Array) return `Buffer.from('${Buffer.from(value).toString('hex')}', 'hex')`;
  if (Array.isArray(value)) return `[${value.map((item) => onOneLine(item, depth + 1)).join(', ')}]`;
  if (!isPlain(value)) return String(value);
  const fields = fieldsOf(value).map(([key, field]) => `${keyText(key)}: ${onOneLine(field, depth + 1)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** A field that is undefined is left out, as one that may be missing is in our types. */
function fieldsOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, field]) => field !== undefined);
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : quotedText(key);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
