/** A key that no other has, of what the engine keeps for a window; `kind` begins it. */
export const newKey = (kind: 'b' | 'd'): string => `${kind}${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
