import { describe, expect, test } from 'vitest';
import { WEB_SOCKET_FAULTS } from '../../../harness/faults/websocket/web-socket-faults.ts';
import { PAIRINGS, runLab, type Pairing } from './support/lab.ts';
import { SIGHTINGS, type Sighting } from './support/sightings.ts';

/**
 * Each fault over loopback, against libraries that are not ours: what they make of it is written down word for word, so
 * that a fault which stops biting, or a library that changes its mind, shows.
 */
describe.each(PAIRINGS)('%s', (pairing) => {
  const rows = SIGHTINGS.map((row) => ({ row, seen: seenBy(row, pairing) })).filter(({ seen }) => seen !== null);

  test('without a fault all arrives, and both sides close', async () => {
    const { seen, faults } = await runLab(pairing, [], { closer: 'broken side, answered' });
    expect(seen.replace(/ bye$/, '')).toBe('text one, text two, close 1000 bye | close 1000');
    expect(faults).toEqual([]);
  });

  test.each(rows)('$row.fault $row.options', async ({ row, seen }) => {
    const run = await runLab(pairing, [row.fault], row.options);
    expect(run).toEqual({ seen, faults: Array.from({ length: row.times ?? 1 }, () => row.fault.fault) });
  });
});

test('each fault has been shown to a peer', () => {
  const shown = new Set(SIGHTINGS.map(({ fault }) => fault.fault));
  expect(WEB_SOCKET_FAULTS.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
});

function seenBy({ ws, undici, except }: Sighting, pairing: Pairing): string | null {
  const other = except?.[pairing];
  if (other !== undefined) return other;
  return pairing.endsWith('undici client') ? (undici ?? null) : ws;
}
