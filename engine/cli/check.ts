import { compilePlan } from '../compile/compile-plan.ts';
import { prepareData } from '../data/prepare.ts';
import type { UnrollDocument } from '../document/schema.ts';
import type { DataFacts } from '../layers/layer.ts';
import type { Finding } from '../lint/finding.ts';
import { lint } from '../lint/lint.ts';
import { UserError } from '../protocol/envelope.ts';
import { readDocumentFile } from '../services/document-file.ts';
import { inferShapes, noFacts } from '../shapes/infer-shapes.ts';
import { count, findingsOf, refuseErrors, tellFindings } from './findings.ts';
import type { Output } from './output.ts';

export interface CheckOptions {
  /** Whether warnings are errors. */
  readonly strict?: boolean;
}

/**
 * Prints each problem of a document, and what is worth a second thought before training it, with its node and its fix.
 *
 * @throws UserError when there are errors, so that the exit code tells
 */
export async function checkCommand(output: Output, file: string, { strict = false }: CheckOptions): Promise<void> {
  const { document } = await readDocumentFile(file);
  const { findings, parameters } = await findIn(document);
  tellFindings(output, document, findings);
  refuseErrors(file, findings, strict);
  output.tell({ event: 'done', file, errors: 0, warnings: findings.length, nodes: document.nodes.length, parameters });
  const warned = findings.length === 0 ? '' : ` · ${count(findings.length, 'warning')}`;
  const size = `${count(document.nodes.length, 'node')} · ${parameters.toLocaleString('en')} parameters`;
  output.say(`${file}: ready to train · ${size}${warned}`);
}

async function findIn(document: UnrollDocument): Promise<{ findings: readonly Finding[]; parameters: number }> {
  if (document.data === null) return { findings: findingsOf(document, noFacts), parameters: 0 };
  try {
    const { facts } = (await prepareData(document.data)).encoding;
    return { findings: findingsOf(document, facts), parameters: parametersOf(document, facts) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error.failure;
    const inferred = inferShapes(document, noFacts);
    const data = { severity: 'error', node: null, edge: null, message: `data: ${message}`, fix: hint ?? '' } as const;
    return { findings: lint([data, ...inferred.problems], { document, facts: noFacts, inferred }), parameters: 0 };
  }
}

/** 0 where the graph does not compile. */
function parametersOf(document: UnrollDocument, facts: DataFacts): number {
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) return 0;
  const shapes = compiled.plan.modules.flatMap((module) => module.parameters.map((parameter) => parameter.shape));
  return shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
