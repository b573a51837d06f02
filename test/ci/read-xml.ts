/** An element of XML, as far as JUnit reports have it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  /** Its own text, without that of its children. */
  text: string;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Reads a document of XML 1.0 without comments, CDATA and DTD, and throws for whatever is not well formed in it. */
export function readXml(text: string): XmlElement {
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error('An illegal character');
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8" ?\?>\n/, '');
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, tag, chars] of body.matchAll(/<([^<>]*)>|([^<>]+|[<>])/g)) {
    const parent = open.at(-1) ?? root;
    if (chars !== undefined) {
      // A reader takes \r\n and \r for \n, wherever they stand as they are.
      parent.text += unescaped(chars.replaceAll(/\r\n?/g, '\n'));
    } else if (tag?.startsWith('/') === true) {
      if (open.pop()?.name !== tag.slice(1) || open.length === 0) throw new Error(`</${tag.slice(1)}> closes nothing`);
    } else {
      const isEmpty = tag?.endsWith('/') === true;
      const element = elementOf(isEmpty ? tag.slice(0, -1) : (tag ?? ''));
      parent.children.push(element);
      if (!isEmpty) open.push(element);
    }
  }
  const [first, ...more] = root.children;
  if (open.length !== 1 || first === undefined || more.length > 0) throw new Error('Not one element');
  return first;
}

function elementOf(tag: string): XmlElement {
  const [, name, rest = ''] = /^([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w-]*="[^"<]*")*)\s*$/.exec(tag) ?? [];
  if (name === undefined) throw new Error(`Not a tag: <${tag}>`);
  const attributes: Record<string, string> = {};
  for (const [, key = '', value = ''] of rest.matchAll(/([\w-]+)="([^"]*)"/g)) {
    if (key in attributes) throw new Error(`${key} twice in <${tag}>`);
    attributes[key] = unescaped(value.replaceAll(/[\t\n\r]/g, ' '));
  }
  return { name, attributes, children: [], text: '' };
}

function unescaped(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+);)|[<>]/.test(text)) throw new Error(`Not escaped: ${text}`);
  return text.replaceAll(/&(#?)(\w+);/g, (all, hash: string, word: string) =>
    hash === '#' ? String.fromCodePoint(Number(word)) : (ENTITIES.get(word) ?? all),
  );
}

/** All elements of that name, wherever they are. */
export function elementsOf(root: XmlElement, name: string): XmlElement[] {
  return [root, ...root.children.flatMap((child) => elementsOf(child, name))].filter(
    (element, index, all) => element.name === name && all.indexOf(element) === index,
  );
}
