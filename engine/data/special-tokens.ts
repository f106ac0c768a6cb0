/** Ids of a vocabulary's special tokens. */
interface SpecialIds {
  /** `null` where the vocabulary does not name it. */
  readonly unknown: number | null;
  /** Those for padding, unknown words, begin and end: texts that are spelled like one are not it. */
  readonly all: ReadonlySet<number>;
}

/** As vocabularies of the field write them, in angle or square brackets. */
const spellings = {
  pad: ['pad'],
  unknown: ['unk', 'unknown', 'oov'],
  begin: ['bos', 'sos', 's', 'cls'],
  end: ['eos', '/s', 'sep'],
} as const;

const special = /^(?:<([a-z/]{1,8})>|\[([a-z/]{1,8})\])$/i;
const known = new WeakMap<readonly string[], SpecialIds>();

/**
 * Where a vocabulary's special tokens stand: at 0 … 3 in one that was fitted here, anywhere or nowhere in one that came with a model.
 * Of several spellings of one, the first counts.
 */
export function specialIds(tokens: readonly string[]): SpecialIds {
  const before = known.get(tokens);
  if (before !== undefined) return before;
  const named = new Map<string, number>();
  tokens.forEach((token, id) => {
    const [, angle, square] = special.exec(token) ?? [];
    const name = (angle ?? square)?.toLowerCase();
    if (name !== undefined && !named.has(name)) named.set(name, id);
  });
  const first = (names: readonly string[]): number | null => {
    const ids = names.flatMap((name) => named.get(name) ?? []);
    return ids.length === 0 ? null : Math.min(...ids);
  };
  const all = Object.values(spellings).map(first);
  const ids = { unknown: first(spellings.unknown), all: new Set(all.filter((id) => id !== null)) };
  known.set(tokens, ids);
  return ids;
}
