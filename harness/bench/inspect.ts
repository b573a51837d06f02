import { EXIT_OK } from '../cli/command.ts';
import { largeTraceBench } from './large-trace-bench.ts';

export const inspect = largeTraceBench({
  name: 'inspect',
  summary: 'time and memory to the first screen of a large trace, beside cat and a bare read',
  targetMs: 2000,
  targetMegabytes: 200,
  exitCode: EXIT_OK,
});
