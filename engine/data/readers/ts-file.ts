import { UserError } from '../../protocol/envelope.ts';
import type { ReadRow, RecordParser } from './record.ts';
import { excerpt } from './record.ts';
import { type Measured, measured, stepsOf } from './series-steps.ts';

/** What the head of a `.ts` file says, as sktime and aeon write them (timeseriesclassification.com). */
interface TsHead {
  /** Name of the column after the series: its class, the number to predict, or neither. */
  readonly answer: 'label' | 'target' | null;
  /** Whether the rows may begin. */
  readonly data: boolean;
}

const tag = /^\s*@([a-z]+)\b\s*(.*)$/i;
const told = (value: string): boolean => /^true\b/i.test(value.trim());

/** Whether lines are those of a `.ts` file: tags that no other format has, before the rows. */
export function looksLikeTs(lines: readonly string[]): boolean {
  const names = lines.slice(0, 200).map((line) => tag.exec(line)?.[1]?.toLowerCase() ?? '');
  return (
    ['problemname', 'univariate', 'classlabel', 'targetlabel', 'timestamps'].filter((name) => names.includes(name)).length >= 2
  );
}

/** Columns of the file whose first lines these are. */
export function tsColumns(lines: readonly string[]): string[] {
  let head = emptyHead;
  for (const line of lines) {
    head = read(head, line);
    if (head.data) break;
  }
  return head.answer === null ? ['series'] : ['series', head.answer];
}

const emptyHead: TsHead = { answer: null, data: false };

/** @throws UserError `time-stamps`: values at uneven times would be read as if they were even */
function read(head: TsHead, line: string): TsHead {
  const [, name = '', value = ''] = tag.exec(line) ?? [];
  switch (name.toLowerCase()) {
    case 'classlabel':
      return told(value) ? { ...head, answer: 'label' } : head;
    case 'targetlabel':
      return told(value) ? { ...head, answer: 'target' } : head;
    case 'timestamps':
      if (told(value)) throw timeStamps;
      return head;
    case 'data':
      return { ...head, data: true };
    default:
      return head;
  }
}

const timeStamps = new UserError({
  code: 'time-stamps',
  message: 'this .ts file gives a time stamp with each value (@timeStamps true): series at uneven times are not supported',
  hint: 'Bring the series to even steps in Python (e.g. sktime’s or aeon’s interpolation), and write it without time stamps.',
});

/** Series of one or several dimensions, `1,2,3:4,5,6:label`; `?` and `NaN` are missing values. */
export class TsParser implements RecordParser {
  #head = emptyHead;
  #dimensions: number | null = null;

  push(text: string, line: number, out: ReadRow[]): void {
    if (text.trim() === '' || /^\s*[#%]/.test(text)) return;
    if (!this.#head.data) {
      this.#head = read(this.#head, text);
      return;
    }
    const row = this.#row(text);
    out.push(typeof row === 'string' ? { line, reason: `${row}: ${excerpt(text)}` } : { line, cells: row });
  }

  end(): void {}

  #row(text: string): (string | readonly unknown[])[] | string {
    const parts = text.split(':');
    const answer = this.#head.answer === null ? [] : [(parts.pop() ?? '').trim()];
    if (parts.length === 0) return 'expected values, “:” and the answer';
    const dimensions: Measured[][] = [];
    for (const part of parts) {
      const values = part.split(',').map(measured);
      const wrong = values.indexOf(undefined);
      if (wrong >= 0) return `expected a number, found “${excerpt((part.split(',')[wrong] ?? '').trim())}”`;
      dimensions.push(values as Measured[]);
    }
    this.#dimensions ??= dimensions.length;
    if (dimensions.length !== this.#dimensions)
      return `expected ${this.#dimensions} ${this.#dimensions === 1 ? 'dimension' : 'dimensions'}, found ${dimensions.length}`;
    const steps = stepsOf(dimensions);
    return typeof steps === 'string' ? steps : [steps, ...answer.map((word) => (word === '?' ? '' : word))];
  }
}
