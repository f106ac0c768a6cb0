import type { UnrollDocument } from '../../document/schema.ts';

/** Why an edit is not made, and what would help. */
export interface Refused {
  readonly ok: false;
  readonly message: string;
  readonly fix: string;
}

export function freshDefinitionId({ blocks }: Pick<UnrollDocument, 'blocks'>): string {
  const taken = new Set(blocks.map(({ id }) => id));
  for (let n = 1; ; n++) if (!taken.has(`block-${n}`)) return `block-${n}`;
}

/** A name that no other block has: `Encoder`, `Encoder 2`. */
export function uniqueName({ blocks }: Pick<UnrollDocument, 'blocks'>, wanted: string, own?: string): string {
  const stem = wanted.trim().slice(0, 90).trim() || 'Block';
  const taken = new Set(blocks.flatMap(({ id, name }) => (id === own ? [] : [name])));
  for (let n = 1; ; n++) {
    const name = n === 1 ? stem : `${stem} ${n}`;
    if (!taken.has(name)) return name;
  }
}
