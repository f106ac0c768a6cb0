/** A token with the space that it is or begins with, which nobody would see: sub-words begin words with it. */
export const visibleToken = (token: string): string => (token === '\n' ? '⏎' : token.replace(/^ /, '␣'));
