import { ScenarioError } from './scenario-error.ts';

/** A document taken apart: prose for a person, one block of YAML for the program. */
export interface DocumentBlock {
  /** The first heading. */
  readonly title: string;
  /** What stands between the heading and the block. */
  readonly prose: string;
  readonly yaml: string;
  /** The line of the block's first line in the file, from 1. */
  readonly firstLine: number;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/;

/** Throws SCENARIO_MALFORMED where there is no heading, no prose, or not exactly one block that is fenced as `yaml`. */
export function documentBlock(text: string, file: string): DocumentBlock {
  const lines = text.split(/\r?\n/);
  let title: string | null = null;
  let block: { from: number; to: number } | null = null;
  const prose: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const fence = FENCE.exec(line);
    if (fence === null) {
      if (title === null) title = /^#\s+(.+?)\s*#*$/.exec(line)?.[1] ?? null;
      else if (block === null) prose.push(line);
      continue;
    }
    const [, mark = '', language = ''] = fence;
    const end = lines.findIndex((one, at) => at > index && closes(one, mark));
    if (end === -1)
      throw new ScenarioError('', `a line ${mark} that ends this block`, 'none', { file, line: index + 1 });
    if (/^ya?ml\b/.test(language)) {
      if (block !== null) throw new ScenarioError('', 'one yaml block', 'a second one', { file, line: index + 1 });
      block = { from: index + 1, to: end };
    } else if (block === null) prose.push(...lines.slice(index, end + 1));
    index = end;
  }
  if (title === null) throw new ScenarioError('', 'a heading, # and what it is about', 'none', { file, line: 1 });
  if (block === null) throw new ScenarioError('', 'one yaml block', 'none', { file, line: lines.length });
  const before = prose.join('\n').trim();
  if (before === '')
    throw new ScenarioError('', 'prose before the block: what happened, and why it matters', 'none', {
      file,
      line: block.from,
    });
  return { title, prose: before, yaml: lines.slice(block.from, block.to).join('\n'), firstLine: block.from + 1 };
}

function closes(line: string, mark: string): boolean {
  const text = line.trim();
  return text.length >= mark.length && text === (mark[0] ?? '').repeat(text.length);
}
