import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import { prepareData } from '../data/prepare.ts';
import { dataInGraph } from '../document/data-in-graph.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { inferShapes, noFacts } from '../graph/infer-shapes.ts';
import type { Finding } from '../lint/finding.ts';
import { lint } from '../lint/lint.ts';
import { sweepFindings } from '../lint/sweep-findings.ts';
import { wholeReport } from '../metrics/headline.ts';
import type { DataReport } from '../protocol/data.ts';
import { UserError } from '../protocol/envelope.ts';
import { readDocumentFile } from '../services/document-file.ts';
import { memoryProblem } from '../training/machine-memory.ts';
import { count, findingsOf, refuseErrors, tellDataFindings, tellFindings, tellNotes } from './findings.ts';
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
  const { document, notes } = await readDocumentFile(file);
  tellNotes(output, notes);
  const { findings, parameters, report } = await findIn(document);
  tellFindings(output, document, findings);
  const dataWarnings = report === null ? 0 : tellDataFindings(output, report);
  refuseErrors(file, findings, dataWarnings, strict);
  const warnings = findings.length + dataWarnings;
  output.tell({ event: 'done', file, errors: 0, warnings, nodes: document.nodes.length, parameters });
  const warned = warnings === 0 ? '' : ` · ${count(warnings, 'warning')}`;
  const size = `${count(document.nodes.length, 'node')} · ${parameters.toLocaleString('en')} parameters`;
  output.say(`${file}: ready to train · ${size}${warned}`);
}

interface Found {
  readonly findings: readonly Finding[];
  readonly parameters: number;
  /** `null` where the data could not be read. */
  readonly report: DataReport | null;
}

async function findIn(document: UnrollDocument): Promise<Found> {
  const binding = dataInGraph(document);
  if (binding === null) {
    const findings = [...findingsOf(document, noFacts), ...sweepFindings(document)];
    return { findings, parameters: 0, report: null };
  }
  try {
    const data = await prepareData(binding);
    const { facts } = data.encoding;
    const compiled = compilePlan(document, facts);
    const memory = compiled.ok ? memoryProblem(compiled.plan, data, document.training) : null;
    const findings = [
      ...findingsOf(document, facts),
      ...(memory === null ? [] : [{ ...memory, remedy: null }]),
      ...sweepFindings(document),
    ];
    return { findings, parameters: compiled.ok ? parametersOf(compiled.plan) : 0, report: wholeReport(data) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error.failure;
    const inferred = inferShapes(document, noFacts);
    const data = { severity: 'error', node: null, edge: null, message: `data: ${message}`, fix: hint ?? '' } as const;
    const found = lint([data, ...inferred.problems], { document, facts: noFacts, inferred });
    const findings = [...found, ...sweepFindings(document)];
    return { findings, parameters: 0, report: null };
  }
}

function parametersOf(plan: Plan): number {
  const shapes = plan.modules.flatMap((module) => module.parameters.map((parameter) => parameter.shape));
  return shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
