import { isMap, isNode, isScalar, Lexer, LineCounter, parseDocument, Parser, visit, type Document } from 'yaml';
import { ScenarioError } from './scenario-error.ts';

/** So many lists and objects may stand in each other: no document here has ten, and the composer recurses for each. */
export const MAX_YAML_DEPTH = 64;

/** A value out of a text, and where its parts stand. */
export interface YamlValue {
  readonly value: unknown;
  readonly file: string;
  /** The line in the file of what stands at a path; of the nearest thing around it if nothing does. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/**
 * Reads YAML, or JSON, which is a part of it. No aliases (a few of them can stand for gigabytes), no tags of one's own, no key
 * twice, no more than MAX_YAML_DEPTH in each other. Throws SCENARIO_MALFORMED.
 *
 * @param firstLine is that of the text in its file, from 1.
 */
export function readYaml(text: string, file: string, firstLine: number): YamlValue {
  const counter = new LineCounter();
  const lineAt = (offset: number): number => firstLine + Math.max(0, counter.linePos(offset).line - 1);
  let document: Document;
  let value: unknown;
  try {
    refuseDeep(text, (offset) => firstLine + text.slice(0, offset).split('\n').length - 1, file);
    document = parseDocument(text, { lineCounter: counter, prettyErrors: false, strict: true });
    const [first] = [...document.errors, ...document.warnings];
    if (first !== undefined) {
      const line = lineAt(first.pos[0]);
      const form = file.endsWith('.json') ? 'JSON' : 'YAML';
      throw new ScenarioError('', form, first.message.split('\n')[0] ?? first.code, { file, line }, { cause: first });
    }
    visit(document, {
      Alias(_key, alias) {
        const line = lineAt(alias.range?.[0] ?? 0);
        throw new ScenarioError('', 'YAML without aliases', `*${alias.source}`, { file, line });
      },
    });
    value = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    if (cause instanceof ScenarioError) throw cause;
    // An alias that only the conversion meets.
    const why = cause instanceof Error ? cause.message : 'a failure to read it';
    throw new ScenarioError('', 'YAML without aliases', why, { file, line: firstLine }, { cause });
  }
  return { value, file, lineOf: (path) => lineAt(offsetOf(document, path)) };
}

/** The parser keeps a stack of its own, and so can be asked before the composer, which uses ours. */
function refuseDeep(text: string, lineAt: (offset: number) => number, file: string): void {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // What it makes is not wanted; to ask for it is what makes it go on.
    for (const _token of parser.next(lexeme));
    const depth = parser.stack.filter(({ type }) => COLLECTIONS.has(type)).length;
    if (depth > MAX_YAML_DEPTH) {
      const expected = `lists and objects at most ${MAX_YAML_DEPTH} deep`;
      throw new ScenarioError('', expected, 'deeper ones', { file, line: lineAt(parser.offset) });
    }
  }
}

const COLLECTIONS: ReadonlySet<string> = new Set(['block-map', 'block-seq', 'flow-collection']);

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      // The key, where there is one: its value may begin a line below.
      const key = parent.items.map((pair) => pair.key).find((one) => isScalar(one) && one.value === last);
      if (isNode(key) && key.range) return key.range[0];
    } else {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
