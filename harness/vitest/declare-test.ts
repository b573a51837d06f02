import { test, type TestContext } from 'vitest';

/** The body of a test that is made out of data. */
export type TestBody = (context: TestContext) => unknown;

/** Vitest's `test`, for who makes tests out of data: their titles are what the data says, their assertions what it expects. */
export const declareTest: (name: string, options: { readonly timeout?: number }, body: TestBody) => void = test;
