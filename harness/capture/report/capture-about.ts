import type { CaptureNote } from '../capture-note.ts';
import type { CapturedPacket } from '../captured-packet.ts';
import type { CaptureWatch } from './read-conversations.ts';

type InterfaceNote = Extract<CaptureNote, { kind: 'interface' }>;
type CutNote = Extract<CaptureNote, { kind: 'cut' }>;

/** Reasons that are told apart; a hostile capture can make up more. */
const MAX_REASONS = 100;
const MAX_INTERFACES = 100;

/** What is known of a capture as a file: packets, interfaces, what was left out. */
export class CaptureAbout implements CaptureWatch {
  packets = 0;
  /** Packets without TCP, by what they are instead. */
  readonly others = new Map<string, number>();
  readonly interfaces: InterfaceNote[] = [];
  /** Packets that the capturing program says it has lost. */
  dropped = 0;
  comments = 0;
  skipped = 0;
  cut: CutNote | null = null;

  packet(packet: CapturedPacket): void {
    this.packets = packet.number;
  }

  other(_packet: CapturedPacket, why: string): void {
    const known = this.others.get(why);
    if (known !== undefined || this.others.size < MAX_REASONS) this.others.set(why, (known ?? 0) + 1);
    else this.others.set('other', (this.others.get('other') ?? 0) + 1);
  }

  note(note: CaptureNote): void {
    switch (note.kind) {
      case 'interface':
        if (this.interfaces.length < MAX_INTERFACES) this.interfaces.push(note);
        return;
      case 'statistics':
        this.dropped += note.dropped ?? 0;
        return;
      case 'comment':
        this.comments += 1;
        return;
      case 'cut':
        this.cut = note;
        return;
      case 'skipped':
        this.skipped += 1;
    }
  }
}
