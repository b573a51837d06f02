import { epochMs, isoOf, systemClock } from '../../src/poll/clock.ts';
import { shardText } from '../ci/shard.ts';
import { TimeLimit } from '../ci/time-limit.ts';
import { refuseReport, writeReports } from '../ci/write-reports.ts';
import { explore as runCampaign } from '../explore/explore.ts';
import { packageVersion } from '../package-version.ts';
import { campaignSuites } from './campaign-suites.ts';
import { EXIT_BUDGET, EXIT_FAILED, EXIT_OK, type Command } from './command.ts';
import { CapsuleFolder } from './capsule-folder.ts';
import { minimiseFile } from './explore-minimise.ts';
import { exploreOptions } from './explore-options.ts';
import { explorePlanted } from './explore-planted.ts';
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
  --capsules DIR    where capsules go, each as soon as it is found (default capsules; none if nothing is found)
  --as-scenario     write each as a scenario document, too; one that is there already and says something else is kept
  --force           replace it instead
  --minimise FILE   make no campaign: make the scenario of this file (a capsule or a document) as small as it gets with the same
                    failure, and write it to the folder of the capsules
  --diagnose        also record each run, and diagnose it: a finding in a healthy one is a false alarm, and a failure
  --planted         look for the defects that are planted in the engine instead, one after the other, and print a table; in
                    a checkout only
  --shard I/N       only part I of N of the run numbers, with --seed and --runs: each run is in one part
  --budget TIME     ended after so long, with what was found by then (90s, 5m, 1h, or off; default 30m where CI is set)
  --junit FILE      write a report as JUnit XML
  --github          annotations, and a summary of the job, for GitHub (default where GITHUB_ACTIONS is true); --no-github
  --json            one JSON object: {"schema":1,"seed","runs","seconds","failedRuns","findings":[…]}

Example: relayscope explore --runs 1000000 --seed 42
         relayscope explore --faults count,late --runs 20000 --seed 42
         relayscope explore --minimise twenty-faults.capsule.json
Exit code 0: nothing found, or made small; 1: there are findings (with --planted: a defect was not found); 2: wrong usage, or a
file to be made small that does not fail; 4: the budget was used up, and nothing found before; 130: ended by Ctrl-C.
`,
  async run(args, io) {
    const options = exploreOptions(args, io.env);
    if (options.planted) return explorePlanted(options, io);
    if (options.minimise !== null) return minimiseFile(options.minimise, options, io, versions());
    await refuseReport(options.ci.junit);
    const folder = new CapsuleFolder(options);
    const { budgetMs, shard, junit, github } = options.ci;
    const limit = new TimeLimit(budgetMs, { stop: io.signal });
    const { signal, release } = limit.signal();
    const timestamp = isoOf(epochMs());
    const screen = new ExploreScreen(io, options);
    screen.begin();
    const done = await runCampaign({
      ...options,
      versions: versions(),
      clock: systemClock,
      signal,
      onProgress: (progress) => {
        screen.progress(progress);
        folder.save(progress.findings.list);
      },
    });
    release();
    const isUp = done.runs < options.runs && signal.aborted && !io.signal.aborted;
    folder.save(done.findings.list);
    const saved = await folder.saved();
    screen.end(done, saved, isUp);
    const name = shard === null ? 'relayscope explore' : `relayscope explore ${shardText(shard)}`;
    const suites = campaignSuites(done, saved, options, isUp);
    await writeReports(suites, { name, timestamp }, { junit, github, json: options.json }, io);
    folder.check();
    if (done.findings.failedRuns > 0) return EXIT_FAILED;
    return isUp ? EXIT_BUDGET : EXIT_OK;
  },
};

/** Of this package and of Node. */
function versions(): Record<string, string> {
  return { relayscope: packageVersion(), node: process.versions.node };
}
