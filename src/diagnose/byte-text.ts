/** `1 byte`, `68 bytes` */
export function byteText(n: number): string {
  return n === 1 ? '1 byte' : `${n} bytes`;
}
