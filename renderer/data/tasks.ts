import type { TaskKind } from '../../engine/document/data-binding.ts';

export const tasks: readonly { readonly value: TaskKind; readonly label: string }[] = [
  { value: 'sequence-classification', label: 'Class per sequence' },
  { value: 'step-tagging', label: 'Tag per step' },
  { value: 'sequence-regression', label: 'Number per sequence' },
  { value: 'forecasting', label: 'Forecast a series' },
  { value: 'sequence-to-sequence', label: 'Sequence to sequence' },
  { value: 'language-model', label: 'Language model' },
];

/** The task in words. */
export const taskTitle = (task: TaskKind): string => tasks.find((t) => t.value === task)?.label ?? task;
