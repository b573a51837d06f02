import { inspectorFailed, type InspectorClient } from '../../src/watch/inspector-client.ts';

interface Evaluated {
  readonly result: { readonly value?: unknown; readonly objectId?: string };
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

/** What we hold on to in the other process is held under this name, and let go all at once. */
const GROUP = 'relayscope';

/** The value of an expression in the other process; a promise is waited for. Works in a paused thread, too. */
export async function evaluate(client: InspectorClient, expression: string, awaitPromise = false): Promise<unknown> {
  return resultOf(
    await client.post('Runtime.evaluate', {
      expression,
      awaitPromise,
      returnByValue: true,
      silent: true,
      objectGroup: GROUP,
      // Gives `require` to the expression, which an old Node needs.
      includeCommandLineAPI: true,
    }),
  ).value;
}

/** An object of the other process that we hold on to, so that nothing of ours has to lie in its global object. */
export interface RemoteObject {
  /** The value of `function (…) { … this … }` called on the object. */
  call(functionText: string, ...args: readonly (number | string)[]): Promise<unknown>;
}

export async function evaluateObject(client: InspectorClient, expression: string): Promise<RemoteObject> {
  const { objectId } = resultOf(
    await client.post('Runtime.evaluate', {
      expression,
      silent: true,
      objectGroup: GROUP,
      includeCommandLineAPI: true,
    }),
  );
  if (objectId === undefined) throw inspectorFailed('Runtime.evaluate', 'expected an object');
  return {
    call: async (functionDeclaration, ...args) =>
      resultOf(
        await client.post('Runtime.callFunctionOn', {
          functionDeclaration,
          objectId,
          arguments: args.map((value) => ({ value })),
          returnByValue: true,
          silent: true,
        }),
      ).value,
  };
}

export async function releaseObjects(client: InspectorClient): Promise<void> {
  await client.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
}

function resultOf(answer: unknown): Evaluated['result'] {
  // The protocol's answer to Runtime.evaluate and Runtime.callFunctionOn.
  const { result, exceptionDetails } = answer as Evaluated;
  if (exceptionDetails === undefined) return result;
  const { text, exception } = exceptionDetails;
  throw inspectorFailed('Runtime.evaluate', (exception?.description ?? text).split('\n')[0] ?? text);
}
