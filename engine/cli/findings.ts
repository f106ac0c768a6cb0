import { compilePlan } from '../compile/compile-plan.ts';
import { nodeAt, nodeOf } from '../document/node-of.ts';
import type { GraphNode, UnrollDocument } from '../document/schema.ts';
import { portsOf } from '../graph/blocks/ports.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { dataFindings } from '../lint/data-findings.ts';
import type { Finding } from '../lint/finding.ts';
import { lint } from '../lint/lint.ts';
import type { DataReport } from '../protocol/data.ts';
import { UserError } from '../protocol/envelope.ts';
import type { DataFacts } from '../shapes/data-facts.ts';
import type { Output } from './output.ts';

/** What keeps a document from training, and what is worth a second thought before. */
export function findingsOf(document: UnrollDocument, facts: DataFacts): readonly Finding[] {
  const inferred = inferShapes(document, facts);
  const compiled = compilePlan(document, facts);
  return lint(compiled.ok ? inferred.problems : compiled.problems, { document, facts, inferred });
}

/** Prints each finding with its node and its fix, and in JSON what the window's button would do. */
export function tellFindings(output: Output, document: UnrollDocument, findings: readonly Finding[]): void {
  for (const { severity, node, message, fix, remedy, inside } of findings) {
    const name = inside ? wayInside(document, inside) : nodeName(document, nodeOf(document, node));
    output.tell({
      event: 'problem',
      severity,
      node,
      name,
      message,
      fix,
      remedy: remedy?.label ?? null,
      ...(inside && { inside }),
    });
    output.say(`${severity}: ${name === null ? '' : `${name}: `}${message}\n  ${fix}`);
  }
}

/** What an older document means differently today. */
export function tellNotes(output: Output, notes: readonly string[]): void {
  for (const message of notes) {
    output.tell({ event: 'note', message });
    output.say(`note: ${message}`);
  }
}

/** Bad rows and doubtful inputs that are printed; the rest is counted, and in JSON up to 50 are listed. */
const shownRows = 5;

/**
 * Prints what the data report holds against the data, the same that the window shows.
 *
 * @returns how many of these are warnings
 */
export function tellDataFindings(output: Output, report: Omit<DataReport, 'baseline'>): number {
  const found = dataFindings(report);
  for (const { kind, message, fix, count: of, rows, examples } of found) {
    output.tell({
      event: 'problem',
      severity: kind === 'note' ? 'note' : 'warning',
      node: null,
      name: null,
      message: `data: ${message}`,
      fix,
      remedy: null,
      data: kind,
      ...(of === undefined ? {} : { count: of }),
      ...(rows ? { rows } : {}),
      ...(examples ? { examples } : {}),
    });
    output.say(`${kind === 'note' ? 'note' : 'warning'}: data: ${message}${fix === '' ? '' : `\n  ${fix}`}`);
    const lines = rows?.map(({ line, reason }) => `line ${line}: ${reason}`) ?? examples ?? [];
    for (const line of lines.slice(0, shownRows)) output.say(`    ${line}`);
    const more = (of ?? lines.length) - shownRows;
    if (lines.length > shownRows && more > 0) output.say(`    … and ${more.toLocaleString('en')} more`);
  }
  return found.filter(({ kind }) => kind !== 'note').length;
}

/**
 * @param dataWarnings how many there are about the data, beside the findings
 * @param strict whether warnings count as errors
 * @throws UserError where errors are among the findings, so that the exit code tells
 */
export function refuseErrors(what: string, findings: readonly Finding[], dataWarnings: number, strict: boolean): void {
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const warnings = findings.length - errors + dataWarnings;
  if (errors === 0 && !(strict && warnings > 0)) return;
  const found = [errors > 0 ? count(errors, 'error') : null, warnings > 0 ? count(warnings, 'warning') : null];
  throw new UserError({
    code: errors > 0 ? 'document-has-errors' : 'document-has-warnings',
    message: `${what} has ${found.filter((one) => one !== null).join(' and ')}.`,
    hint: errors > 0 ? 'Correct what is listed above.' : 'Correct what is listed above, or go without --strict.',
  });
}

function nodeName(document: UnrollDocument, node: GraphNode | undefined): string | null {
  if (node === undefined) return null;
  const title = node.label ?? portsOf(document, node)?.title ?? node.kind;
  return `${title} (${node.id})`;
}

/** `Encoder (block-1) › Recurrent (recurrent-1)`. */
function wayInside(document: UnrollDocument, { path, node }: NonNullable<Finding['inside']>): string {
  const steps = [...path, node];
  return steps.map((id, depth) => nodeName(document, nodeAt(document, steps.slice(0, depth), id))).join(' › ');
}

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
