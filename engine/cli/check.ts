import { compilePlan } from '../compile/compile-plan.ts';
import { prepareData } from '../data/prepare.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { findLayer } from '../layers/registry.ts';
import { UserError } from '../protocol/envelope.ts';
import { readDocumentFile } from '../services/document-file.ts';
import { inferShapes, noFacts, type Problem } from '../shapes/infer-shapes.ts';
import type { Output } from './output.ts';

/**
 * Prints each problem of a document with its node and its fix.
 *
 * @throws UserError when there are errors, so that the exit code tells
 */
export async function checkCommand(output: Output, file: string): Promise<void> {
  const { document } = await readDocumentFile(file);
  const { problems, parameters } = await findProblems(document);
  for (const { severity, node, message, fix } of problems) {
    const name = nodeName(document, node);
    output.tell({ event: 'problem', severity, node, name, message, fix });
    output.say(`${severity}: ${name === null ? '' : `${name}: `}${message}\n  ${fix}`);
  }
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  if (errors > 0) {
    throw new UserError({
      code: 'document-has-errors',
      message: `${file} has ${count(errors, 'error')}${warnings > 0 ? ` and ${count(warnings, 'warning')}` : ''}.`,
      hint: 'Correct what is listed above.',
    });
  }
  output.tell({ event: 'done', file, errors, warnings, nodes: document.nodes.length, parameters });
  output.say(`${file}: ready to train · ${count(document.nodes.length, 'node')} · ${parameters.toLocaleString('en')} parameters`);
}

async function findProblems(document: UnrollDocument): Promise<{ problems: readonly Problem[]; parameters: number }> {
  if (document.data === null) return { problems: problemsOf(compilePlan(document, noFacts)), parameters: 0 };
  try {
    const { encoding } = await prepareData(document.data);
    const compiled = compilePlan(document, encoding.facts);
    if (!compiled.ok) return { problems: compiled.problems, parameters: 0 };
    const shapes = compiled.plan.modules.flatMap((module) => module.parameters.map((parameter) => parameter.shape));
    const parameters = shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
    return { problems: inferShapes(document, encoding.facts).problems, parameters };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error.failure;
    const data: Problem = { severity: 'error', node: null, edge: null, message: `data: ${message}`, fix: hint ?? '' };
    return { problems: [data, ...inferShapes(document, noFacts).problems], parameters: 0 };
  }
}

const problemsOf = (compiled: ReturnType<typeof compilePlan>): readonly Problem[] => (compiled.ok ? [] : compiled.problems);

function nodeName(document: UnrollDocument, id: string | null): string | null {
  const node = document.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) return null;
  const title = node.label ?? findLayer(node.kind)?.title ?? node.kind;
  return `${title} (${node.id})`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
