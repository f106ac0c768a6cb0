import { compileCell } from '../cells/cell-program.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { setParams } from '../graph/edit.ts';
import { type Rule, warning } from './finding.ts';

/** Lines of a custom cell whose value reaches neither a state nor the output: often a misspelt name elsewhere. */
export const unusedValue: Rule = ({ document, inferred }) =>
  document.nodes.flatMap((node) => {
    const { equations, hidden } = inferred.configs.get(node.id) ?? {};
    if (typeof equations !== 'string' || typeof hidden !== 'number') return [];
    const compiled = compileCell(equations, hidden);
    if (!compiled.ok) return [];
    const unused = new Set(compiled.program.warnings.map(({ line }) => line));
    const rows = equations.split(/\r\n|\r|\n/);
    const left = rows.filter((_, index) => !unused.has(index + 1)).join('\n');
    const label = unused.size === 1 ? 'Take the line out' : 'Take these lines out';
    // A start that is stated for what only such a line learns would be left over.
    const remedy = compileCell(left, hidden).ok
      ? { label, apply: (d: UnrollDocument) => setParams(d, node.id, { equations: left }) }
      : null;
    return compiled.program.warnings.map(({ line, message, fix }) => warning(node.id, `line ${line}: ${message}`, fix, remedy));
  });
