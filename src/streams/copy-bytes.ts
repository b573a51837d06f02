/** A copy of `bytes[start..end]`, in an ArrayBuffer of its own. `bytes.slice` would not do: a Buffer's shares its memory. */
export function copyBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  copy.set(start === 0 && end === bytes.byteLength ? bytes : bytes.subarray(start, end));
  return copy;
}
