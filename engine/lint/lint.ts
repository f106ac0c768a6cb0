import { expandBlocks, placedAt } from '../graph/blocks/expand.ts';
import { insideId, placeOf } from '../graph/blocks/inside-id.ts';
import { onDocument } from '../graph/inside-problems.ts';
import type { Problem } from '../shapes/problem.ts';
import { composedCell } from './composed-cell.ts';
import type { Finding, LintInput, Rule } from './finding.ts';
import { generatingRemedy } from './generating-remedies.ts';
import { remedyInDocument } from './inside-remedy.ts';
import { sameColumn } from './same-column.ts';
import { squashedHead } from './squashed-head.ts';
import { explodingSettings } from './training-rate.ts';
import { unusedValue } from './unused-value.ts';

const rules: readonly Rule[] = [squashedHead, sameColumn, explodingSettings, unusedValue, composedCell];

/**
 * What is worth a second thought before a graph is trained, beside the problems that keep it from training: those get their remedy where
 * it is mechanical. Pure; runs on each edit. Blocks are looked into; a remedy inside of one changes all that are placed.
 */
export function lint(problems: readonly Problem[], input: LintInput): readonly Finding[] {
  const { document } = input;
  const expansion = expandBlocks(document);
  const expanded = { ...input, document: { ...document, ...expansion.graph } };
  const refused = problems.map((problem): Finding => {
    const within = problem.inside && placedAt(expansion, problem.inside.path);
    const inFlat = (id: string | null): string | null => (within && id !== null ? insideId(within, 0, id) : id);
    const { node, edge } = problem.inside ?? problem;
    const remedy = generatingRemedy({ ...problem, node: inFlat(node), edge: inFlat(edge) }, expanded);
    return { ...problem, remedy: remedyInDocument(remedy, document, within) };
  });
  const found = rules
    .flatMap((rule) => rule(expanded))
    .map((finding): Finding => {
      const within = finding.node === null ? undefined : placedAt(expansion, placeOf(finding.node).path);
      return { ...finding, remedy: remedyInDocument(finding.remedy, document, within) };
    });
  return [...refused, ...onDocument(found)];
}
