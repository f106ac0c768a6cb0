import type { Problem } from '../shapes/problem.ts';
import type { Finding, LintInput, Rule } from './finding.ts';
import { generatingRemedy } from './generating-remedies.ts';
import { sameColumn } from './same-column.ts';
import { squashedHead } from './squashed-head.ts';
import { explodingSettings } from './training-rate.ts';
import { unusedValue } from './unused-value.ts';

const rules: readonly Rule[] = [squashedHead, sameColumn, explodingSettings, unusedValue];

/**
 * What is worth a second thought before a graph is trained, beside the problems that keep it from training: those get their remedy where
 * it is mechanical. Pure; runs on each edit.
 */
export function lint(problems: readonly Problem[], input: LintInput): readonly Finding[] {
  const refused = problems.map((problem): Finding => ({ ...problem, remedy: generatingRemedy(problem, input) }));
  return [...refused, ...rules.flatMap((rule) => rule(input))];
}
