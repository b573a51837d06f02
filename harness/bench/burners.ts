import { spawn, type ChildProcess } from 'node:child_process';

/** Ends by itself when whoever started it is gone, and at the latest after so long. */
const LIFE_MS = 3_600_000;
const PROGRAM = `
  const parent = process.ppid;
  const end = Date.now() + ${LIFE_MS};
  while (Date.now() < end && process.ppid === parent);`;

/** So many processes that use all the processor they can get. Returns what ends them. */
export function startBurners(count: number): () => void {
  const burners: ChildProcess[] = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', PROGRAM], { stdio: 'ignore' }),
  );
  return () => {
    for (const burner of burners) burner.kill('SIGKILL');
  };
}
