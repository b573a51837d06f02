import { readFile } from 'node:fs/promises';
import { systemClock } from '../../src/poll/clock.ts';
import { capsuleName, capsuleText, writeWhole } from '../explore/capsule.ts';
import { explore as runCampaign, type ExploreProgress } from '../explore/explore.ts';
import type { Finding } from '../explore/findings.ts';
import { scenarioText } from '../explore/scenario-text.ts';
import { EXIT_FAILED, EXIT_OK, type Command } from './command.ts';
import { exploreOptions, type ExploreCommandOptions } from './explore-options.ts';
import { ExploreScreen } from './explore-screen.ts';

export const explore: Command = {
  summary: 'try random scenarios with random faults, and make what fails small',
  help: `Usage: relayscope explore [options]

Makes random scenarios (what each side gives and takes, when it waits, ends, fails) with random plans of faults, runs each in
memory, and checks the laws of every run: bytes conserved and in order, accounts that agree, the end passed on once, no call
after it, no Pending without a waker, no loop without end. What fails is made as small as it gets, and kept as a capsule:
one file that relayscope run repeats. All follows from the seed and the number of a run. Ctrl-C keeps what was found.

  --runs N          how many runs (default 100000, or as many as there is time for)
  --time S          begin none after S seconds
  --seed N          where all chance comes from (default: by chance, and printed; needed where CI is set)
  --from N          number of the first run (default 0); with --runs 1, that run alone
  --faults WHICH    benign (what a correct copy has to come through), all, none, or names with commas between, of those
                    that break a polled stream (default benign)
  --dialect NAME    checked, or a tokio release such as tokio-1.24.1 (default checked)
  --workers N       threads (default: one for each processor)
  --capsules DIR    where capsules go (default capsules; nothing is written if nothing is found)
  --as-scenario     write each as a scenario document, too
  --planted         look for the defects that are planted in the engine instead, one after the other, and print a table; in
                    a checkout only
  --json            one JSON object: {"schema":1,"seed","runs","seconds","failedRuns","findings":[…]}

Example: relayscope explore --runs 1000000 --seed 42
         relayscope explore --faults count,late --runs 20000 --seed 42
Exit code 0: nothing found; 1: there are findings (with --planted: a defect was not found); 2: wrong usage.
`,
  async run(args, io) {
    const options = exploreOptions(args, io.env);
    const screen = new ExploreScreen(io, options);
    screen.begin();
    const done = await runCampaign({
      ...options,
      versions: await versions(),
      clock: systemClock,
      signal: io.signal,
      onProgress: (progress) => {
        screen.progress(progress);
      },
    });
    screen.end(done, await save(done, options));
    return done.findings.failedRuns === 0 ? EXIT_OK : EXIT_FAILED;
  },
};

/** Paths of the capsules, finding by finding. */
async function save({ findings }: ExploreProgress, options: ExploreCommandOptions): Promise<string[]> {
  const paths: string[] = [];
  for (const finding of findings.list) {
    const name = capsuleName(finding.what, options.settings.seed, finding.run);
    paths.push(await writeWhole(options.folder, name, capsuleText(finding.capsule)));
    if (options.asScenario)
      await writeWhole(options.folder, name.replace('.capsule.json', '.md'), storyOf(finding, options));
  }
  return paths;
}

function storyOf({ message, count, faults, capsule }: Finding, { settings: { seed } }: ExploreCommandOptions): string {
  const by = faults.length === 0 ? 'without any fault' : `with ${faults.join(', ')}`;
  return scenarioText(
    capsule,
    `${message}. Found by relayscope explore with seed ${seed}, in ${count} runs, and made as small as it gets: it takes place ${by}.`,
  );
}

/** Of this package and of Node. */
async function versions(): Promise<Record<string, string>> {
  const up = import.meta.url.endsWith('.ts') ? '../..' : '../../..';
  const manifest: unknown = JSON.parse(await readFile(new URL(`${up}/package.json`, import.meta.url), 'utf8'));
  // Ours, and the version is there: npm publishes none without.
  return { relayscope: (manifest as { version: string }).version, node: process.versions.node };
}
