/** Code points of a normalized text, at most `limit` of them. Spaces and line ends are characters too. */
export function splitCharacters(text: string, limit: number): string[] {
  const characters: string[] = [];
  for (const character of text) {
    if (characters.length >= limit) break;
    characters.push(character);
  }
  return characters;
}
