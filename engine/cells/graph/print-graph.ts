import { printLine } from '../language/print.ts';
import type { Expression, Statement } from '../language/tree.ts';
import { type CellGraph, type GraphLine, nameOfLabel } from './cell-graph.ts';
import { filled } from './template.ts';

/** The text of a graph: lines that say what they said, or nothing that can be read, are as they were written, spaces and all. */
export function printGraph(graph: CellGraph): string {
  return graph.lines.map((line) => printed(line, graph)).join('\n');
}

function printed(line: GraphLine, graph: CellGraph): string {
  const statement = statementOf(line, graph);
  if (line.text !== null && same(statement, line.read)) return line.text;
  return printLine({ statement, comment: line.comment });
}

/** What a line says. */
function statementOf({ content }: GraphLine, graph: CellGraph): Statement | null {
  if (content.kind === 'stated') return content.statement;
  return content.kind === 'value' ? lineValue(graph, content.node) : null;
}

function lineValue({ nodes, wires }: CellGraph, id: string): Statement {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const from = new Map(wires.map((wire) => [`${wire.to} ${wire.slot}`, wire.from]));
  const expression = (node: string): Expression => {
    const found = byId.get(node);
    if (found?.kind !== 'operation') throw new Error(`${node} computes nothing`);
    return filled(found.template, (slot) => {
      const source = from.get(`${node} ${slot}`);
      const given = source === undefined ? undefined : byId.get(source);
      if (given === undefined || given.kind === 'output') throw new Error(`nothing is wired to place ${slot} of ${node}`);
      const label = given.kind === 'input' ? given.name : given.label;
      return label === null ? expression(given.id) : { kind: 'name', ...nameOfLabel(label), column: 0 };
    });
  };
  const root = byId.get(id);
  if (root?.kind !== 'operation' || root.label === null) throw new Error(`${id} is no line's value`);
  return { kind: 'value', ...nameOfLabel(root.label), expression: expression(id) };
}

/** Whether two statements say the same, wherever they stand. */
const same = (a: Statement | null, b: Statement | null): boolean => bare(a) === bare(b);
const bare = (statement: Statement | null): string =>
  JSON.stringify(statement, (key, value) => (key === 'column' ? undefined : value));
