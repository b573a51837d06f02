/** Where a line of an Error's stack points to. */
export interface LinePlace {
  /** A path or a URL, as the line has it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Null for a line without a place. A path may have blanks and brackets in it. */
export function linePlace(line: string): LinePlace | null {
  const pattern = line.endsWith(')') ? /^ *at .*? \((.+):(\d+):(\d+)\)$/ : /^ *at (?:async )?(.+):(\d+):(\d+)$/;
  const [, file, row, column] = pattern.exec(line) ?? [];
  return file === undefined ? null : { file, line: Number(row), column: Number(column) };
}
