import { readFile } from 'node:fs/promises';
import { RelayscopeError } from '../../src/errors.ts';
import { EXIT_OK, EXIT_USAGE, type Command, type Io } from './command.ts';
import { COMMANDS } from './commands.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command line and returns its exit code. Whatever was wrong with the input is one line on stderr. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      const named = COMMANDS.find((one) => name === 'help' && one.name === rest[0]);
      (name === undefined ? io.stderr : io.stdout).write(named?.help ?? overview());
      return name === undefined ? EXIT_USAGE : EXIT_OK;
    }
    if (name === '--version' || name === '-v') {
      io.stdout.write(`${await version()}\n`);
      return EXIT_OK;
    }
    const command = COMMANDS.find((one) => one.name === name);
    if (command === undefined) {
      const known = COMMANDS.map((one) => one.name).join(', ');
      throw new UsageError(`Unknown command: expected one of ${known}, got ${JSON.stringify(name)}`);
    }
    const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    if (options.includes('--help') || options.includes('-h')) {
      io.stdout.write(command.help);
      return EXIT_OK;
    }
    return await command.run(rest, io);
  } catch (error) {
    if (!(error instanceof RelayscopeError)) throw error;
    io.stderr.write(`relayscope: ${error.message.replaceAll('\n', ' ')} [${error.code}]\n`);
    if (error instanceof UsageError) io.stderr.write(`Try: relayscope ${helpOf(name)}--help\n`);
    return EXIT_USAGE;
  }
}

/** Of the package that this file is in: two folders up among the sources, three in the built package. */
async function version(): Promise<string> {
  const up = import.meta.url.endsWith('.ts') ? '../..' : '../../..';
  const manifest: unknown = JSON.parse(await readFile(new URL(`${up}/package.json`, import.meta.url), 'utf8'));
  // Ours, and the version is there: npm publishes none without.
  return (manifest as { version: string }).version;
}

function helpOf(name: string | undefined): string {
  return COMMANDS.some((one) => one.name === name) ? `${name} ` : '';
}

function overview(): string {
  const width = Math.max(...COMMANDS.map((one) => one.name.length));
  const list = COMMANDS.map((one: Command) => `  ${one.name.padEnd(width)}  ${one.summary}\n`).join('');
  return (
    'relayscope: why a relay hangs, whether it will hang again, and which bytes it lost\n\n' +
    `Usage: relayscope <command> [options]\n\nCommands:\n${list}\n` +
    'relayscope <command> --help says more of each, with an example; relayscope --version.\n'
  );
}
