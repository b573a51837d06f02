/**
 * Puts `around` in the place of one object's method: it gets the call to make (with other arguments, if it gives any), and
 * the arguments, and returns what the caller is to get. Where the object has no such method nothing happens.
 *
 * @returns what takes it out again. If somebody has put a hook over ours meanwhile, ours stays under it and does nothing.
 */
export function hookMethod(
  target: object,
  name: string,
  around: (call: (args?: readonly unknown[]) => unknown, args: readonly unknown[]) => unknown,
): () => void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function') return () => undefined;
  // A constructor would be one as well, but nobody has those for methods.
  const method = original as (...args: unknown[]) => unknown;
  const before = Object.getOwnPropertyDescriptor(target, name);
  let isOff = false;
  function hooked(this: unknown, ...args: unknown[]): unknown {
    const call = (others: readonly unknown[] = args): unknown => Reflect.apply(method, this, others);
    return isOff ? call() : around(call, args);
  }
  // As a method of the prototype would be: not among its keys.
  Object.defineProperty(target, name, { value: hooked, writable: true, configurable: true, enumerable: false });
  return () => {
    isOff = true;
    if (Reflect.get(target, name) !== hooked) return;
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}
