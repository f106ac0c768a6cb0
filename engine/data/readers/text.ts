import type { ReadRow, RecordParser } from './record.ts';

/** Columns of the plain text format. */
export const textColumns = ['text', 'label'] as const;

const labelled = /^__label__(\S+)\s+(.*)$/su;

/** Plain text: one example a line. A line may start with its class in fastText's way, `__label__spam Win a prize`. */
export class TextParser implements RecordParser {
  push(text: string, line: number, out: ReadRow[]): void {
    if (text.trim() === '') return;
    const match = labelled.exec(text);
    out.push({ line, cells: match ? [match[2] ?? '', match[1] ?? ''] : [text, ''] });
  }

  end(): void {}
}
