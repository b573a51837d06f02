import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { copyBidirectional } from '../../../src/copy/copy-bidirectional.ts';
import type { CopyError } from '../../../src/copy/copy-error.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import { endIsFullClose } from '../../../src/diagnose/termination/end-is-full-close.ts';
import { fromSocket } from '../../../src/streams/from-socket.ts';
import { fromWebSocket } from '../../../src/streams/from-web-socket.ts';
import { Recorder } from '../../../src/trace/recorder.ts';
import { recorderItems } from '../../../harness/vitest/judged/recorder-items.ts';
import { namesOf, Story } from './story.ts';

describe('a chain of TCP, WebSocket and TCP again', () => {
  interface Chain {
    readonly client: Socket;
    /** What the copies ended with, the one that the client is connected to first. */
    readonly ends: () => Promise<string[]>;
    readonly diagnosis: () => Diagnosis;
  }

  function listening(server: Server): Server {
    onTestFinished(() => {
      server.close();
    });
    return server.listen(0, '127.0.0.1');
  }

  const portOf = (server: { address: () => unknown }): number => (server.address() as AddressInfo).port;

  async function chained(onConnection: (socket: Socket) => void): Promise<Chain> {
    const recorder = new Recorder();
    const front = Promise.withResolvers<string>();
    const back = Promise.withResolvers<string>();
    const over = (copy: Promise<unknown>, { resolve }: typeof front): void => {
      const failed = (error: unknown): void => {
        resolve((error as CopyError).code);
      };
      copy.then(() => {
        resolve('completed');
      }, failed);
    };
    const origin = listening(createServer({ allowHalfOpen: true }, onConnection));
    await once(origin, 'listening');
    const middle = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => {
      for (const one of middle.clients) one.terminate();
      middle.close();
    });
    await once(middle, 'listening');
    middle.on('connection', (ws) => {
      const outbound = connect({ port: portOf(origin), host: '127.0.0.1', allowHalfOpen: true });
      over(copyBidirectional(fromWebSocket(ws), fromSocket(outbound), { recorder }), back);
    });
    const inbound = listening(
      createServer({ allowHalfOpen: true }, (socket) => {
        const ws = new WebSocket(`ws://127.0.0.1:${portOf(middle)}`);
        ws.once('open', () => {
          over(copyBidirectional(fromSocket(socket), fromWebSocket(ws), { recorder }), front);
        });
      }),
    );
    await once(inbound, 'listening');
    const client = connect({ port: portOf(inbound), host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => {
      client.destroy();
    });
    const diagnosis = (): Diagnosis => {
      const made = new Diagnosis();
      for (const item of recorderItems(recorder)) made.item(item);
      made.end();
      return made;
    };
    return { client, ends: () => Promise.all([front.promise, back.promise]), diagnosis };
  }

  test('loses the reply to a request that ends with a half-close, and is told so', async () => {
    const { client, ends, diagnosis } = await chained((origin) => {
      origin.resume().on('end', () => origin.end('an answer'));
    });
    client.resume().end('hello');
    expect(await ends()).toEqual(['completed', 'STREAM_FAILED']);
    const { failed } = diagnosis();
    const [finding, ...others] = diagnosis().findings();
    expect(finding).toMatchObject({ class: 'shutdown-is-full-close', direction: 'b -> a', half: 'write' });
    expect(finding).toMatchObject({ confidence: 'likely', evidence: { numbers: { bytes: 9 } } });
    expect(others).toEqual([]);
    expect(failed.kept).toMatchObject([{ connection: finding?.connection, code: 'STREAM_FAILED', bToA: 9, aToB: 0 }]);
  });

  test('and of a client that ends once it has its reply nothing is found', async () => {
    const { client, ends, diagnosis } = await chained((origin) => origin.pipe(origin));
    client.write('hello');
    await once(client, 'data');
    client.end();
    expect(await ends()).toEqual(['completed', 'completed']);
    expect(diagnosis().findings()).toEqual([]);
    expect(diagnosis().failed.kept).toEqual([]);
  });
});

/** b is asked, and a is ended and closed in one breath before it answers. */
function asked(endedMs = 5, between?: (story: Story) => Story): Story {
  const story = new Story().poll().waits('b -> a').read('a -> b', 5).write('a -> b', 5).at(endedMs);
  const ended = story.socket('a -> b', 'read', 'ended');
  return (between?.(ended) ?? ended).socket('b -> a', 'write', 'closed').poll();
}

const refused = (story: Story): string[] =>
  namesOf(story.read('b -> a', 5).write('b -> a', 5, 'failed').findings(endIsFullClose));

test('the first of an answer that a stream cannot take any more, which its end has closed', () => {
  expect(refused(asked())).toEqual(['shutdown-is-full-close (b -> a), likely']);
  const late = new Story().poll().read('a -> b', 5).socket('a -> b', 'read', 'ended').ends('a -> b').at(9000).poll();
  const told = late.read('b -> a', 5).socket('b -> a', 'write', 'closed').write('b -> a', 5, 'failed');
  expect(namesOf(told.findings(endIsFullClose))).toEqual(['shutdown-is-full-close (b -> a), likely']);
});

test('who has waited for an answer may have given up', () => {
  expect(refused(asked(1001))).toEqual([]);
});

test('who has had some of it, or has asked nothing, may have left', () => {
  const fed = new Story().poll().read('a -> b', 5).read('b -> a', 9).write('b -> a', 9);
  expect(refused(fed.socket('a -> b', 'read', 'ended').socket('b -> a', 'write', 'closed'))).toEqual([]);
  const silent = new Story().poll().socket('a -> b', 'read', 'ended').socket('b -> a', 'write', 'closed');
  expect(refused(silent)).toEqual([]);
});

test('what was closed by somebody else, or has failed, was not closed by its end', () => {
  expect(refused(asked(5, (story) => story.poll()))).toEqual([]);
  expect(refused(new Story().poll().read('a -> b', 5).socket('b -> a', 'write', 'closed'))).toEqual([]);
  expect(refused(asked().socket('b -> a', 'write', 'failed'))).toEqual([]);
  expect(refused(asked().shutdown('b -> a'))).toEqual([]);
});

test('where records are missing nobody knows what was delivered', () => {
  expect(refused(asked().gap(10))).toEqual([]);
});
