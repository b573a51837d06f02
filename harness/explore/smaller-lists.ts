/**
 * Delta debugging: takes parts out of a list, large ones first, then single items, and keeps what `accept` finds still
 * failing. `list` is the list as it stands, which an accepted one replaces.
 */
export function smallerLists<T>(list: () => readonly T[], accept: (items: readonly T[]) => boolean): void {
  for (let size = list().length; size >= 1; size = size >> 1) {
    for (let at = 0; at < list().length;) {
      const items = list();
      // If it is accepted, what follows has moved here.
      if (!accept([...items.slice(0, at), ...items.slice(at + size)])) at += size;
    }
  }
}
