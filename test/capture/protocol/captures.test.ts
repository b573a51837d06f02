import { expect, test } from 'vitest';
import { decodeFile } from '../support/decode.ts';

const FOLDER = 'fixtures/captures';
const count = ([a, b]: readonly [readonly unknown[], readonly unknown[]]): [number, number] => [a.length, b.length];

test.each(['ws-dumpcap.pcapng', 'ws-any-sll2.pcap', 'ws-ipv6.pcap'])('%s has 67 frames', async (name) => {
  const { frames, messages, told } = await decodeFile(`${FOLDER}/${name}`);
  expect(count(frames)).toEqual([34, 33]);
  expect(count(messages)).toEqual([28, 28]);
  expect(messages.flat().every(({ payload, payloadBytes }) => payload?.length === payloadBytes)).toBe(true);
  expect(told).toContain('a: Close 1000 bye');
  expect(told).toContain('b: Close 1000 bye');
});

/** tshark 4.0 finds no frame in it. */
test('with a snap length of 96 all frames are there, and most of their payload is not', async () => {
  const { frames, messages, told, flows } = await decodeFile(`${FOLDER}/ws-snap96.pcap`);
  expect(count(frames)).toEqual([34, 33]);
  expect(count(messages)).toEqual([28, 28]);
  expect(messages.flat().filter(({ payload }) => payload === null)).toHaveLength(10);
  expect(told).toContain('a: undecodable at 0: a handshake with a gap in it');
  expect(flows[0]?.sides.map(({ streamBytes }) => streamBytes)).toEqual([3238, 3080]);
});

/** tshark reads no text, and of one direction only it finds nothing. */
test('the text of tcpdump -X of one direction has all frames of that direction', async () => {
  const { frames, told, flows } = await decodeFile(`${FOLDER}/ws-plain.X.txt`);
  expect(count(frames)).toEqual([34, 0]);
  expect(told).toEqual([
    'a: is http, by request',
    'a: GET / HTTP/1.1',
    'a: is websocket, by upgrade',
    'a: Close 1000 bye',
    'a: fin',
    'b: fin',
  ]);
  // The server's last bytes and its end were acknowledged together: that it was 3,080 bytes cannot be told from 3,081.
  expect(flows[0]?.sides[1]).toMatchObject({ packets: 0, streamBytes: 3080, perhapsBytes: 1 });
});

test('however the file comes in pieces, the same is found', async () => {
  const whole = await decodeFile(`${FOLDER}/ws-dumpcap.pcapng`);
  for (const chunkBytes of [1, 7, 100, 1024]) {
    const cut = await decodeFile(`${FOLDER}/ws-dumpcap.pcapng`, chunkBytes);
    expect(cut.frames).toEqual(whole.frames);
    expect(cut.messages).toEqual(whole.messages);
    expect(cut.told).toEqual(whole.told);
  }
});
