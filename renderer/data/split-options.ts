/** The three splits, for a choice. */
export const splitOptions = [
  { value: 'train', label: 'Train' },
  { value: 'validation', label: 'Validation' },
  { value: 'test', label: 'Test' },
] as const;
