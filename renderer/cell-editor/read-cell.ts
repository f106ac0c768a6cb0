import { compileCell } from '../../engine/cells/cell-program.ts';
import type { CellGraph, CellNode } from '../../engine/cells/graph/cell-graph.ts';
import { nodeOf, rootOf } from '../../engine/cells/graph/edit.ts';
import { readableLines, readGraph } from '../../engine/cells/graph/read-graph.ts';
import { type CellFacts, cellFacts } from '../../engine/cells/language/check.ts';
import { type LatexLine, latexLines } from '../../engine/cells/language/latex.ts';
import type { CellProblem, CellTree } from '../../engine/cells/language/tree.ts';
import type { KnownWidth } from '../../engine/cells/language/widths.ts';

/** All that the editor shows of a cell, from its text. */
export interface CellReading {
  readonly text: string;
  readonly hidden: number;
  /** Lines that can be read. */
  readonly tree: CellTree;
  /** Errors, then warnings, each by line. */
  readonly problems: readonly CellProblem[];
  readonly facts: CellFacts;
  readonly graph: CellGraph;
  readonly latex: readonly LatexLine[];
}

/**
 * Reads a cell's text.
 *
 * @param hidden H
 */
export function readCell(text: string, hidden: number): CellReading {
  const tree = readableLines(text);
  const facts = cellFacts(tree, hidden);
  const compiled = compileCell(text, hidden);
  const found = compiled.ok ? compiled.program.warnings : compiled.problems;
  const problems = found.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { text, hidden, tree, problems, facts, graph: readGraph(text, tree), latex: latexLines(tree) };
}

/** The line that a node stands on, from 1; `null` for what has none, such as x. */
export function lineOf({ graph }: CellReading, id: string): number | null {
  const node = nodeOf(graph, id);
  const value = node?.kind === 'output' ? node.label : node?.kind === 'operation' ? rootOf(graph, id) : null;
  const index = graph.lines.findIndex(({ content }) => content.kind === 'value' && content.node === value);
  return index < 0 ? null : index + 1;
}

/** The node of the value that a line gives. */
export function nodeOnLine({ graph }: CellReading, line: number): string | null {
  const content = graph.lines[line - 1]?.content;
  return content?.kind === 'value' ? content.node : null;
}

/** Width of what a node gives; `null` for one number, `undefined` where it is not known. */
export function widthOfNode({ graph, facts, tree, hidden }: CellReading, node: CellNode): KnownWidth | null | undefined {
  const stated = (name: string): number =>
    tree.flatMap(({ statement }) => (statement?.kind === 'width' && statement.name === name ? [statement.value] : []))[0] ??
    hidden;
  if (node.kind === 'input') return node.name === 'x' ? 'input' : stated(node.name);
  if (node.label !== null) return stated(node.label.replace(/'$/, ''));
  const operation = nodeOf(graph, node.id);
  return operation?.kind === 'operation' && operation.expression !== null ? facts.widthOf(operation.expression) : undefined;
}
