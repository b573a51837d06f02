/**
 * On Node 22 a reset that comes right behind data is read as an end of stream, and `destroy` does not cross a duplexPair
 * (seen on 22.19, not on 24.21 and 26.10): there, what tests of aborts ask for cannot be told.
 */
export const isNode22 = process.versions.node.startsWith('22.');
