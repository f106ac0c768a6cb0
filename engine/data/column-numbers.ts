import type { ReaderSettings } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import { cellText } from './readers/column-kind.ts';
import { isMissing } from './readers/missing.ts';
import { type FoundFormat, looksMeasured, looksNumeric, numberReader } from './readers/number-format.ts';
import type { Cell } from './readers/record.ts';
import { excerpt } from './readers/record.ts';
import { SentinelWatch } from './sentinels.ts';

/** A number, or why the cell is none. */
export type ReadNumber = { readonly value: number } | { readonly missing: boolean; readonly reason: string };

/** Whether a float32 holds it, as encoded data are: beyond, it would become infinite, and with it all that is fit to the column. */
export const isHeld = (value: number): boolean => Number.isFinite(Math.fround(value));

/** Reads the cells of one column as numbers, and notices what its first rows did not show. */
export class ColumnNumbers {
  readonly #name: string;
  readonly #format: FoundFormat;
  readonly #words: readonly string[] | null;
  readonly #missingValues: ReadonlySet<number>;
  readonly #read: (text: string) => number | null;
  readonly #sentinels = new SentinelWatch();
  #settled: boolean;
  /** Cells such as `1.234` while nothing has decided what the sign means. */
  #open = 0;
  #openCell = '';

  /** @throws UserError `number-format-ambiguous` when the cells can be read in two ways and neither is the usual one */
  constructor(name: string, format: FoundFormat, reader: Pick<ReaderSettings, 'missing'>) {
    this.#name = name;
    this.#format = format;
    this.#words = reader.missing;
    this.#read = numberReader(format);
    this.#missingValues = new Set((reader.missing ?? []).map(this.#read).filter((value) => value !== null));
    this.#settled = format.settled;
    if (format.question !== null && !format.question.likely) {
      const { message, hint } = ambiguity(name, format.question.cell);
      throw new UserError({ code: 'number-format-ambiguous', message, hint });
    }
  }

  read(cell: Cell): ReadNumber {
    const text = cellText(cell);
    if (text.trim() === '') return { missing: true, reason: this.#expected('nothing') };
    const value = this.#read(text);
    if (value !== null) {
      if (this.#missingValues.has(value)) return { missing: true, reason: this.#valueMissing(text) };
      if (!isHeld(value))
        return { missing: false, reason: `${this.#expected(`“${excerpt(text)}”`)}; at most 3.4e38 is possible` };
      if (!this.#settled) this.#settle(text.trim());
      this.#sentinels.add(value);
      return { value };
    }
    if (isMissing(text, this.#words) || isMissing(text, null)) return { missing: true, reason: this.#valueMissing(text) };
    const sign = this.#format.thousands === '' ? 'none' : `“${this.#format.thousands}”`;
    if (looksNumeric(text)) {
      const read = `numbers are read with the decimal sign “${this.#format.decimal}” and the thousands sign ${sign}`;
      return { missing: false, reason: `${this.#expected(`“${excerpt(text)}”`)}; ${read}: change them under Reading` };
    }
    const unit = looksMeasured(text) ? ': a percent or currency sign is not read' : '';
    return { missing: false, reason: `${this.#expected(`“${excerpt(text)}”`)}${unit}` };
  }

  /** What reading has found that the user should know. */
  warnings(): string[] {
    const found: string[] = [];
    const open = this.#format.question?.cell ?? (!this.#settled && this.#open > 0 ? this.#openCell : null);
    if (open !== null) {
      const { message, hint } = ambiguity(this.#name, open);
      found.push(`${message}. It is read as ${this.#read(open) ?? '…'}. ${hint}`);
    }
    const sentinel = this.#sentinels.suspicion();
    if (sentinel !== null) found.push(`column “${this.#name}”: ${sentinel}`);
    return found;
  }

  #settle(text: string): void {
    if (!/[.,]/.test(text)) return;
    if (/^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text)) {
      this.#open++;
      this.#openCell ||= text;
    } else this.#settled = true;
  }

  #expected(found: string): string {
    return `column “${this.#name}”: expected a number, found ${found}`;
  }

  #valueMissing(text: string): string {
    return this.#expected(`“${excerpt(text.trim())}”, which stands for a missing value`);
  }
}

/** Both readings of a cell such as `1,234`, and the settings for each. */
export function ambiguity(name: string, cell: string): { readonly message: string; readonly hint: string } {
  const sign = cell.includes(',') ? ',' : '.';
  const other = sign === ',' ? '.' : ',';
  const thousands = cell.replace(sign, '');
  const decimals = cell.replace(',', '.');
  return {
    message: `column “${name}”: “${cell}” is ${thousands} if “${sign}” separates thousands, and ${decimals} if it is the decimal sign; the file does not tell`,
    hint: `Choose the decimal sign and the thousands sign under Reading in the Data panel (in a document: "decimal": "${other}", "thousands": "${sign}"; or "decimal": "${sign}", "thousands": "").`,
  };
}
