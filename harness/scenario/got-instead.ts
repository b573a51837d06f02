/** What a file system's error says that there is, after "got": in words where it is one that people meet. */
export function gotInstead(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case '':
      return '';
    case 'ENOENT':
      return ', got a path where nothing is';
    case 'EISDIR':
      return ', got a folder';
    case 'ENOTDIR':
      return ', got a path through a file that is no folder';
    case 'EACCES':
      return ', got one without the permission to read it';
    default:
      return `, got ${code}`;
  }
}
