const palette = ['--good', '--sequence', '--state', '--tokens', '--cell'] as const;

/** Tags that mean "nothing here" by the field's customs: outside of an entity, label 0. */
export const isBackgroundTag = (tag: string): boolean => /^(o|0|none|other|_)$/i.test(tag);

/** A colour token for a tag, always the same one; B- and I- of an entity share it. `null` for the background. */
export function tagColor(tag: string): string | null {
  if (isBackgroundTag(tag)) return null;
  const name = tag.replace(/^[BIESLU]-/, '');
  if (name === '1') return palette[0];
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return palette[hash % palette.length] ?? palette[0];
}
