import { attach } from './attach.ts';
import type { Command } from './command.ts';
import { demo } from './demo.ts';
import { diff } from './diff.ts';
import { exportCommand } from './export.ts';
import { inspect } from './inspect.ts';
import { tap } from './tap.ts';
import { tunnel } from './tunnel.ts';
import { vectors } from './vectors.ts';

/** Every command, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [demo, inspect, diff, exportCommand, attach, tap, tunnel, vectors];
