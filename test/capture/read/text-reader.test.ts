import { describe, expect, test } from 'vitest';
import { readAll, type ReadPacket } from '../support/read.ts';

/** A SYN and its answer, as tcpdump -X prints them. */
const LINES = [
  '03:15:54.632771 IP localhost.40296 > localhost.http-alt: Flags [S], seq 1654257646, win 65495, length 0',
  '\t0x0000:  4500 002d 00c6 4000 4006 3bf4 7f00 0001  E..-..@.@.;.....',
  '\t0x0010:  7f00 0001 9d68 1f90 6299 f7ee 0000 0000  .....h..b.......',
  '\t0x0020:  5018 ffd7 fe30 0000 6265 6566 21         P....0..beef!',
  '03:15:55.000001 IP localhost.http-alt > localhost.40296: Flags [R], length 0',
  '\t0x0000:  4500 0028 00c6 4000 4006 3bf4 7f00 0001  E..(..@.@.;.....',
  '\t0x0010:  7f00 0001 1f90 9d68 0000 0000 6299 f7ef  .......h....b...',
  '\t0x0020:  5004 0000 fe30 0000                      P....0..',
];
const FIRST = '4500002d00c6400040063bf47f0000017f0000019d681f906299f7ee000000005018ffd7fe3000006265656621';
const SECOND = '4500002800c6400040063bf47f0000017f0000011f909d68000000006299f7ef50040000fe300000';
const PACKETS = [
  { number: 1, fileOffset: 0, seconds: 11_754, nanoseconds: 632_771_000, linkType: 101, wireBytes: 45, hex: FIRST },
  { number: 2, seconds: 11_755, nanoseconds: 1000, linkType: 101, wireBytes: 40, hex: SECOND },
];

async function read(lines: readonly string[], end = '\n'): Promise<ReadPacket[]> {
  const { packets, error } = await readAll(Buffer.from(lines.join(end) + end));
  expect(error).toBeNull();
  return packets;
}

test('what tcpdump -X prints is read, in pieces of any size', async () => {
  const bytes = Buffer.from(LINES.join('\n'));
  const whole = await readAll(bytes);
  expect(whole.form).toEqual({ format: 'text', packing: null });
  expect(whole.notes).toEqual([{ kind: 'interface', index: 0, linkType: 101, snapBytes: 0 }]);
  expect(whole.packets).toMatchObject(PACKETS);
  for (const chunkBytes of [1, 2, 3, 50, 333]) expect(await readAll(bytes, chunkBytes)).toEqual(whole);
});

describe('what somebody has pasted is read', () => {
  const pasted: [string, string[], string?][] = [
    ['with CRLF', LINES, '\r\n'],
    ['quoted', LINES.map((line) => `> ${line}`)],
    ['quoted twice', LINES.map((line) => `> > ${line}`)],
    ['in a fence, with prose around it', ['It hangs:', '', '```', ...LINES, '```', '', 'Any idea? 0x0000 is odd.']],
    ['in a list', LINES.map((line) => `    ${line}`)],
    ['without tabs', LINES.map((line) => line.trim())],
    ['with runs of spaces made one', LINES.map((line) => line.replaceAll(/\s+/g, ' '))],
    ['with the characters broken off', LINES.flatMap((line) => line.split(/ {2,}(?=\S+$)/))],
    ['with lines broken in the middle', LINES.flatMap((line) => line.split(/(?<=^\t0x00.0: {2}(?:\w{4} ){6})/))],
    ['without the characters (-x)', LINES.map((line) => line.replace(/ {2,}\S+$/, ''))],
    ['as tshark -x prints it', tshark()],
    ['as tshark -x prints it without summaries', tshark().filter((line) => !line.includes('→'))],
  ];

  test.each(pasted)('%s', async (_, lines, end) => {
    expect((await read(lines, end)).map(({ hex }) => hex)).toEqual([FIRST, SECOND]);
  });

  test('in UTF-16, as PowerShell writes it', async () => {
    const bytes = Buffer.from(`\uFEFF${LINES.join('\r\n')}\r\n`, 'utf16le');
    const { packets, error } = await readAll(bytes, 7);
    expect(error).toBeNull();
    expect(packets).toMatchObject(PACKETS.map(({ hex, seconds }) => ({ hex, seconds })));
  });
});

/** Bytes two by two, the second eight apart, with what it has put together of several packets below. */
function tshark(): string[] {
  const dump = (hex: string): string[] =>
    (hex.match(/.{1,32}/g) ?? []).map((row, index) => {
      const bytes = (row.match(/../g) ?? []).join(' ');
      return `${(index * 16).toString(16).padStart(4, '0')}  ${bytes.slice(0, 23)} ${bytes.slice(23).padEnd(27)}be ef`;
    });
  return [
    'Packet (45 bytes):',
    ...dump('00'.repeat(20)),
    '',
    'Frame (45 bytes):',
    ...dump(FIRST),
    'Reassembled TCP (20 bytes):',
    ...dump('11'.repeat(20)),
    'Unmasked data (1 byte):',
    ...dump('70'),
    '',
    '    2 0.367230000    127.0.0.1 → 127.0.0.1    TCP 54 8080 → 40296 [RST] Seq=1',
    '',
    ...dump(SECOND),
  ];
}

describe('times', () => {
  const at = async (...times: string[]): Promise<[number, number][]> => {
    const lines = times.flatMap((time) => [`${time}IP a.1 > b.2: Flags [.]`, ...LINES.slice(5)]);
    return (await read(lines)).map(({ seconds, nanoseconds }) => [seconds, nanoseconds]);
  };

  test('of a day go on past midnight', async () => {
    expect(await at('23:59:59.999999 ', '00:00:00.000001 ', '00:00:00 ')).toEqual([
      [86_399, 999_999_000],
      [86_400, 1000],
      [86_400, 0],
    ]);
  });

  test('with a date (-tttt) are of UTC', async () => {
    expect(await at('2026-01-02 03:04:05.000001 ')).toEqual([[1_767_323_045, 1000]]);
  });

  test('since 1970 (-tt) may have nanoseconds', async () => {
    expect(await at('1767323045.000001 ', '1767323045.123456789 ')).toEqual([
      [1_767_323_045, 1000],
      [1_767_323_045, 123_456_789],
    ]);
  });

  test('are none with -t', async () => {
    expect(await at('', '')).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test('since the line before (-ttt) are added up', async () => {
    const expected = [
      [0, 0],
      [0, 500_000_000],
      [0, 600_000_000],
      [1, 700_000_000],
    ];
    expect(await at(' 00:00:00.000000 ', ' 00:00:00.500000 ', ' 00:00:00.100000 ', ' 00:00:01.100000 ')).toEqual(
      expected,
    );
    // The space in front is the first thing that is lost.
    expect(await at('00:00:00.000000 ', '00:00:00.500000 ', '00:00:00.100000 ', '00:00:01.100000 ')).toEqual(expected);
  });

  test('since the first line (-ttttt) are not', async () => {
    expect(await at(' 00:00:00.000000 ', ' 00:00:00.500000 ', ' 00:00:00.600000 ')).toEqual([
      [0, 0],
      [0, 500_000_000],
      [0, 600_000_000],
    ]);
  });

  test('of tshark are those of its summary', async () => {
    const lines = ['    7 12.000345678 10.0.0.1 → 10.0.0.2 TCP 54', ...LINES.slice(5)];
    expect(await read(lines)).toMatchObject([{ seconds: 12, nanoseconds: 345_678 }]);
  });
});

describe('the link layer is found by where IP fits', () => {
  const dump = (hex: string): string[] =>
    (hex.match(/.{1,32}/g) ?? []).map(
      (row, index) => `0x${(index * 16).toString(16).padStart(4, '0')}:  ${row.replaceAll(/.{4}(?=.)/g, '$& ')}`,
    );
  const ETHERNET = `4500000000026400000000010800${SECOND}`;

  test.each([
    ['of -X', SECOND, 101, 40],
    ['Ethernet, although its address begins like IP', ETHERNET, 1, 54],
    ['Ethernet with padding', `${ETHERNET}000000000000`, 1, 60],
    ['a VLAN', `${'02'.repeat(12)}810000640800${SECOND}`, 1, 58],
    ['Linux cooked', `00000304000600000000000000000800${SECOND}`, 113, 56],
    ['Linux cooked, version 2', `0800000000000001030400060000000000000000${SECOND}`, 276, 60],
    ['NULL', `02000000${SECOND}`, 0, 44],
    ['of -X, with a length of 0', SECOND.replace('0028', '0000'), 101, 40],
    ['of -X, cut by a snap length', SECOND.slice(0, 68), 101, 40],
    ['ARP', `${'ff'.repeat(6)}${'02'.repeat(6)}0806${'00'.repeat(28)}`, 1, 42],
  ])('%s', async (_, hex, linkType, wireBytes) => {
    expect(await read(dump(hex))).toMatchObject([{ linkType, wireBytes, hex }]);
  });
});

test('a packet of which a line is missing is cut there', async () => {
  const lines = LINES.filter((line) => !line.includes('0x0020'));
  expect(await read(lines)).toMatchObject([
    { hex: FIRST.slice(0, 64), wireBytes: 45 },
    { hex: SECOND.slice(0, 64), wireBytes: 40 },
  ]);
});

test('a line that is too long is left out', async () => {
  expect(await read(['x'.repeat(1_000_000), ...LINES])).toMatchObject([{ fileOffset: 1_000_001 }, {}]);
});

test.each([
  ['prose', ['Dear all,', '', 'nothing here'], 3, 'no line of it'],
  ['tcpdump without -X', [LINES[0] ?? '', LINES[4] ?? ''], 2, 'lines without their bytes'],
])('%s is refused', async (_, lines, count, got) => {
  const { error } = await readAll(Buffer.from(lines.join('\n')));
  expect(error).toMatchObject({
    code: 'CAPTURE_MALFORMED',
    message: `No packet in ${count} lines of text: expected the output of tcpdump -X or -XX, got ${got}`,
    place: { line: count },
  });
});
