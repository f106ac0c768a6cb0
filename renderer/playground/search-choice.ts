import type { DecodeSettings } from '../../engine/protocol/predict.ts';

/** How the next token is drawn; the same for a sequence and for a language model. */
export interface DrawSettings {
  readonly temperature: number;
  /** `null` is all. */
  readonly topK: number | null;
  readonly topP: number;
  readonly seed: number;
}

/** The settings of every search, so that coming back to one finds it as it was left. */
export interface SearchChoice extends DrawSettings {
  readonly method: DecodeSettings['method'];
  /** `null` is twice the longest training target. */
  readonly maxTokens: number | null;
  readonly width: number;
  readonly lengthPenalty: number;
  readonly samples: number;
}

export const defaultDraw: DrawSettings = { temperature: 1, topK: null, topP: 1, seed: 1 };

export const defaultSearch: SearchChoice = {
  ...defaultDraw,
  method: 'greedy',
  maxTokens: null,
  width: 5,
  lengthPenalty: 0.6,
  samples: 3,
};

/** What the chosen method needs of the settings. */
export function decodeOf(choice: SearchChoice): DecodeSettings {
  const { method, maxTokens, width, lengthPenalty, samples, temperature, topK, topP, seed } = choice;
  switch (method) {
    case 'greedy':
      return { method, maxTokens };
    case 'beam':
      return { method, maxTokens, width, lengthPenalty, tree: true };
    case 'sample':
      return { method, maxTokens, samples, temperature, topK, topP, seed };
  }
}
