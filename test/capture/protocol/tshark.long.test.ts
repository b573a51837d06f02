import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Opcode } from '../../../harness/faults/websocket/wire/frame.ts';
import { requires } from '../../requires.ts';
import { decode } from '../support/decode.ts';
import { pcapOf } from '../support/packets.ts';
import { Random } from '../support/random.ts';
import { handshake, TALK } from '../support/tcp-packet.ts';
import { a, b, GRANTED, masked, packetsOf, plain, REQUEST, type Said } from '../support/websocket-talk.ts';

/** Captures of conversations made up by chance: what tshark counts in them, and what is counted here. */

const folder = mkdtempSync(join(tmpdir(), 'relayscope-'));
const TALKS = 10;
const FRAMES = 60;
const { TEXT, BINARY, PING, PONG } = Opcode;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Opcodes by direction, as tshark has them. */
function seenByTshark(path: string): [number[], number[]] {
  const fields = ['-T', 'fields', '-e', 'tcp.srcport', '-e', 'websocket.opcode'];
  const lines = execFileSync('tshark', ['-n', '-r', path, '-Y', 'websocket', ...fields], {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  }).split('\n');
  const opcodes: [number[], number[]] = [[], []];
  for (const line of lines.filter((one) => one !== '')) {
    const [port = '', list = ''] = line.split('\t');
    opcodes[Number(port) === TALK.a.port ? 0 : 1].push(...list.split(',').map(Number));
  }
  return opcodes;
}

/** Frames of both sides in random order and lengths, cut into segments anywhere. */
function conversation(random: Random): { said: Said[]; opcodes: [number[], number[]] } {
  const said: Said[] = [a(REQUEST), b(GRANTED)];
  const opcodes: [number[], number[]] = [[], []];
  for (let left = FRAMES; left > 0;) {
    const who = random.below(2) === 0 ? 'a' : 'b';
    const batch = Math.min(left, 1 + random.below(5));
    left -= batch;
    const wires = Array.from({ length: batch }, () => {
      const opcode = [TEXT, BINARY, PING, PONG][random.below(4)] ?? TEXT;
      const most = opcode >= PING ? 125 : ([20, 300, 3000][random.below(3)] ?? 20);
      const payload = Buffer.alloc(1 + random.below(most), 'text ');
      opcodes[who === 'a' ? 0 : 1].push(opcode);
      return who === 'a' ? masked(opcode, payload) : plain(opcode, payload);
    });
    let bytes = Buffer.concat(wires);
    while (bytes.length > 0) {
      const length = 1 + random.below(1460);
      said.push({ who, bytes: bytes.subarray(0, length) });
      bytes = bytes.subarray(length);
    }
  }
  return { said, opcodes };
}

describe.runIf(requires('tshark', () => execFileSync('tshark', ['--version'], { stdio: 'ignore' })))('tshark', () => {
  test('counts the same frames in whole captures', async () => {
    const random = new Random(5);
    for (let count = 0; count < TALKS; count += 1) {
      const { said, opcodes } = conversation(random);
      const capture = pcapOf([...handshake(), ...packetsOf(said)]);
      const path = join(folder, `${count}.pcap`);
      writeFileSync(path, capture);
      const { frames } = await decode(capture);
      expect(frames.map((side) => side.map(({ opcode }) => opcode))).toEqual(opcodes);
      expect(seenByTshark(path)).toEqual(opcodes);
    }
  });
});
