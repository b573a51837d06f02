import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { ScenarioError } from './scenario-error.ts';

/** A value out of a text, and where its parts stand. */
export interface YamlValue {
  readonly value: unknown;
  readonly file: string;
  /** The line in the file of what stands at a path; of the nearest thing around it if nothing does. */
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/**
 * Reads YAML, or JSON, which is a part of it. No aliases (a few of them can stand for gigabytes), no tags of one's own, no key
 * twice. Throws SCENARIO_MALFORMED.
 *
 * @param firstLine is that of the text in its file, from 1.
 */
export function readYaml(text: string, file: string, firstLine: number): YamlValue {
  const counter = new LineCounter();
  const lineAt = (offset: number): number => firstLine + Math.max(0, counter.linePos(offset).line - 1);
  let document: Document;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: counter, prettyErrors: false, strict: true });
    const [first] = [...document.errors, ...document.warnings];
    if (first !== undefined) {
      const line = lineAt(first.pos[0]);
      throw new ScenarioError('', 'YAML', first.message.split('\n')[0] ?? first.code, { file, line }, { cause: first });
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
    // An alias, or lists in lists until the parser's stack is used up.
    const why = cause instanceof Error ? cause.message : 'a failure to read it';
    throw new ScenarioError(
      '',
      'YAML without aliases, not nested too deeply',
      why,
      { file, line: firstLine },
      { cause },
    );
  }
  return { value, file, lineOf: (path) => lineAt(offsetOf(document, path)) };
}

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
