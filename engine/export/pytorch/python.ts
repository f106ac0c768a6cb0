import { torchFunctions } from '../../layers/torch.ts';

/** Lines moved right by so many levels of four spaces; empty lines stay empty. */
export const indented = (lines: readonly string[], levels: number): string[] =>
  lines.map((line) => (line === '' ? '' : `${'    '.repeat(levels)}${line}`));

/**
 * Names that a variable of an exported method must not take: functions of the file, what it imports, the method's own arguments and
 * variables, and Python's words. A variable anywhere in a method hides what is outside of it in the whole method.
 */
const taken: ReadonlySet<string> = new Set<string>([
  ...torchFunctions,
  ...['torch', 'nn', 'Tensor', 'linear', 'annotations', 'pack_padded_sequence', 'pad_packed_sequence'],
  ...['self', 'tokens', 'series', 'lengths', 'hidden', 'targets', 'target_lengths', 'encoded', 'weight', 'batch_size'],
  ...['x', 'ahead', 'back', 'new', 'part', 'pair', '_'],
  ...[
    'False',
    'None',
    'True',
    'and',
    'as',
    'assert',
    'async',
    'await',
    'break',
    'case',
    'class',
    'continue',
    'def',
    'del',
    'elif',
  ],
  ...[
    'else',
    'except',
    'finally',
    'for',
    'from',
    'global',
    'if',
    'import',
    'in',
    'is',
    'lambda',
    'match',
    'nonlocal',
    'not',
    'or',
  ],
  ...['pass', 'raise', 'return', 'try', 'type', 'while', 'with', 'yield'],
  ...['abs', 'all', 'any', 'filter', 'float', 'int', 'iter', 'len', 'list', 'map', 'max', 'min', 'next', 'range', 'round', 'sum'],
  ...['super', 'tuple', 'zip'],
]);

/** The variable that holds what a module gives: its name in the plan, or `one_hot_values` where `one_hot` is the function. */
export const variableName = (name: string): string => (taken.has(name) ? `${name}_values` : name);
