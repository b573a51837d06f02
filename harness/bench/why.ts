import { EXIT_FAILED } from '../cli/command.ts';
import { largeTraceBench } from './large-trace-bench.ts';

export const why = largeTraceBench({
  name: 'why',
  summary: 'time and memory to the diagnosis of a large trace, beside cat and a bare read',
  targetMs: 3000,
  targetMegabytes: 300,
  exitCode: EXIT_FAILED,
});
