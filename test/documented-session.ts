/** A block of a page: a file of the reader's project, a test of its own, or a session at a terminal. */
export type Block =
  | { readonly kind: 'file'; readonly line: number; readonly path: string; readonly text: string }
  | { readonly kind: 'test'; readonly line: number; readonly language: string; readonly text: string }
  | { readonly kind: 'session'; readonly line: number; readonly commands: readonly SessionCommand[] };

export interface SessionCommand {
  readonly command: string;
  /** What comes, in this order, perhaps with other lines between. */
  readonly lines: readonly string[];
  readonly exitCode: number;
}

const FENCE = /^ *(`{3,})(\S*)\n([\s\S]*?)^ *\1 *$/gm;
const PATH = /^(?:\/\/|#|<!--) ((?:[\w.@-]+\/)*[\w.@-]+\.\w+)(?: -->)?\n+/;

/** The code blocks of a page, in order. @throws if there is one that is neither a file, a test nor a session. */
export function blocksOf(page: string): Block[] {
  return [...page.matchAll(FENCE)].map(({ index, 2: language = '', 3: text = '' }): Block => {
    const line = page.slice(0, index).split('\n').length;
    if (language === 'console') return { kind: 'session', line, commands: commandsOf(text) };
    const path = PATH.exec(text);
    if (path?.[1] !== undefined) return { kind: 'file', line, path: path[1], text: text.slice(path[0].length) };
    if (language === 'ts' || language === 'js') return { kind: 'test', line, language, text };
    throw new Error(`Line ${line}: a block of "${language}" that no test can execute`);
  });
}

function commandsOf(text: string): SessionCommand[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.trimEnd().split('\n');
      const exit = /^exit (\d+)$/.exec(lines.at(-1) ?? '');
      if (exit !== null) lines.pop();
      return { command, lines: lines.filter((line) => line.trim() !== ''), exitCode: Number(exit?.[1] ?? 0) };
    });
}

/** The first of the lines that does not come, after those before it; null if all do. White space counts for nothing, and `…` stands for anything. */
export function missingLine(lines: readonly string[], output: string): string | null {
  const said = output.split('\n').map(collapsed);
  let next = 0;
  for (const line of lines) {
    const parts = collapsed(line).split('…');
    const pattern = new RegExp(
      `^${parts.map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join('.*')}$`,
    );
    const found = said.findIndex((one, index) => index >= next && pattern.test(one));
    if (found === -1) return line;
    next = found + 1;
  }
  return null;
}

function collapsed(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}
