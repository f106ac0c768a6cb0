/** A text of at most so many letters, of which the last is an ellipsis where it is longer; one letter at least stays. */
export const cutText = (text: string, letters: number): string =>
  text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;
