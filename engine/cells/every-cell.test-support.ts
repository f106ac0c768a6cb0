import { cellLibrary } from './library.ts';
import { acceleratedForms } from './registry.ts';

/**
 * Names and equations of every cell of the library and of every form of the built-in ones.
 *
 * @param hidden H of the built-in ones
 */
export const everyCell = (hidden: number): readonly (readonly [name: string, equations: string])[] => [
  ...cellLibrary.map(({ title, equations }) => [title, equations] as const),
  ...acceleratedForms(hidden).map(({ name, cell }) => [name, cell.equations] as const),
];
