/** A change of a text that mends a problem; lines and columns from 1. */
export type LineEdit =
  | { readonly kind: 'replace'; readonly line: number; readonly column: number; readonly length: number; readonly text: string }
  /** As the last line of the equations. */
  | { readonly kind: 'append'; readonly text: string }
  | { readonly kind: 'remove'; readonly line: number }
  | { readonly kind: 'move'; readonly line: number; readonly before: number };

/** What a button beside a problem does. */
export interface CellRemedy {
  readonly title: string;
  readonly edit: LineEdit;
}

/** The text once a problem is mended. */
export function applyRemedy(text: string, { edit }: CellRemedy): string {
  const rows = text.split(/\r\n|\r|\n/);
  switch (edit.kind) {
    case 'replace': {
      const row = rows[edit.line - 1] ?? '';
      rows[edit.line - 1] = row.slice(0, edit.column - 1) + edit.text + row.slice(edit.column - 1 + edit.length);
      break;
    }
    case 'append': {
      const last = rows.findLastIndex((row) => row.trim() !== '');
      rows.splice(last + 1, 0, edit.text);
      break;
    }
    case 'remove':
      rows.splice(edit.line - 1, 1);
      break;
    case 'move': {
      const [row = ''] = rows.splice(edit.line - 1, 1);
      rows.splice(edit.before - 1 - (edit.before > edit.line ? 1 : 0), 0, row);
      break;
    }
  }
  return rows.join('\n');
}

/** Puts another name, or more, in the place of one. */
export const inPlaceOf = (line: number, column: number, written: string, text: string, title = `Use ${text}`): CellRemedy => ({
  title,
  edit: { kind: 'replace', line, column, length: written.length, text },
});

/** The name that a mistyped one is most like; `null` where none is near. */
export function nearest(name: string, among: Iterable<string>): string | null {
  const most = name.length < 4 ? 1 : 2;
  const found = [...among].map((other) => ({ other, far: distance(name, other) })).toSorted((a, b) => a.far - b.far)[0];
  return found !== undefined && found.far > 0 && found.far <= most ? found.other : null;
}

/** Letters to put in, take out or change (Levenshtein 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1]?.toLowerCase() === b[j - 1]?.toLowerCase();
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1)));
    }
    row = next;
  }
  return a !== b && row[b.length] === 0 ? 0.5 : (row[b.length] ?? 0);
}
