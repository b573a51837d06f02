import { execFileSync } from 'node:child_process';

/** Where tshark is not installed, what it would prove is not proved. */
export const hasTshark = ((): boolean => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** What it says of a file, line by line; with every check of checksums on. */
export function tshark(file: string, ...args: string[]): string[] {
  const checks = ['tcp.check_checksum:TRUE', 'ip.check_checksum:TRUE'].flatMap((option) => ['-o', option]);
  const out = execFileSync('tshark', ['-r', file, ...checks, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return out.split('\n').filter((line) => line !== '');
}

/** What Wireshark would call wrong, or worth a second look: comments, and the chat of a connection that opens and closes, are not. */
export function complaints(file: string): string[] {
  return tshark(file, '-V').filter(
    (line) =>
      /Expert Info|Malformed/.test(line) &&
      !/\((?:Comment|Chat)\/|This frame (?:initiates|undergoes) the connection closing/.test(line),
  );
}

/** Both directions of the first connection, as tshark puts them together. */
export function streams(file: string): [Buffer, Buffer] {
  const lines = tshark(file, '-q', '-z', 'follow,tcp,raw,0').filter((line) => /^\t?(?:[\da-f]{2})+$/.test(line));
  const of = (isBack: boolean): Buffer =>
    Buffer.from(
      lines
        .filter((line) => line.startsWith('\t') === isBack)
        .join('')
        .replaceAll('\t', ''),
      'hex',
    );
  return [of(false), of(true)];
}
