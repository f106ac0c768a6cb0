/** Scores of a memory step m for a state h: `h · m`, `h · (W m)` (both Luong), `v · tanh(W_q h + W_k m + b)` (Bahdanau's). */
export const attentionScores = ['dot', 'general', 'additive'] as const;
export type AttentionScore = (typeof attentionScores)[number];
