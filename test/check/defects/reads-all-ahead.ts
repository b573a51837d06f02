import { ReadsAhead } from './reads-ahead.ts';

/** WRONG: with every read it takes from beneath all that there is, however little is read. */
export class ReadsAllAhead extends ReadsAhead {
  protected override get mostBytes(): number {
    return Infinity;
  }
}
