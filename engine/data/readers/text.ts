import type { ReadRow, RecordParser } from './record.ts';

/** Columns of the plain text format. */
export const textColumns = ['text', 'label'] as const;

const space = 0x20;
const underscore = 0x5f;

const labelled = /^((?:__label__\S+\s+)+)(.*)$/su;

/** Plain text: one example a line. A line may start with its class in fastText's way, `__label__spam Win a prize`. */
export class TextParser implements RecordParser {
  push(text: string, line: number, out: ReadRow[]): void {
    if (text.trim() === '') return;
    const match = labelled.exec(text);
    const labels = (match?.[1] ?? '').split(/\s+/).flatMap((label) => (label === '' ? [] : [label.slice('__label__'.length)]));
    out.push({ line, cells: match ? [match[2] ?? '', labels.length > 1 ? labels : (labels[0] ?? '')] : [text, ''] });
  }

  cutAscii(bytes: Uint8Array, start: number, end: number, cuts: Uint32Array): number {
    const first = bytes[start] ?? 0;
    if (start >= end || first <= space || first === underscore) return 0;
    cuts.set([start, end, end, end]);
    return 2;
  }

  end(): void {}
}

/** Plain text that is one running text: each line with its end, empty ones and what looks like a label too. Nothing is left out. */
export class WholeTextParser implements RecordParser {
  push(text: string, line: number, out: ReadRow[], open: boolean): void {
    out.push({ line, cells: [open ? text : `${text}\n`, ''] });
  }

  cutAscii(_bytes: Uint8Array, start: number, end: number, cuts: Uint32Array): number {
    cuts.set([start, end + 1, end, end]);
    return 2;
  }

  end(): void {}
}
