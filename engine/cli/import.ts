import { resolve } from 'node:path';
import { UserError } from '../protocol/envelope.ts';
import { writeDocumentFile } from '../services/document-file.ts';
import { requireSavePlace } from '../services/save-place.ts';
import { startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';

interface ImportOptions {
  /** `question=answer`, several. */
  readonly answer: readonly string[];
  readonly out?: string;
  readonly document?: string;
}

export async function importCommand(output: Output, path: string, options: ImportOptions): Promise<void> {
  const engine = startLocalEngine();
  const document = options.document === undefined ? null : resolve(options.document);
  // Before anything is written: what is there already is left as it is.
  if (document !== null) await requireSavePlace(document, false);
  const answers = Object.fromEntries(options.answer.map(parseAnswer));
  const { kind, layers, questions } = await engine.call['import.inspect']({ path: resolve(path), answers });
  const folder = options.out === undefined ? {} : { folder: resolve(options.out) };
  const { run, document: graph, notes } = await engine.call['import.open']({ path: resolve(path), answers, ...folder });
  if (document !== null) await writeDocumentFile(document, graph);
  const place = options.out === undefined ? run.id : resolve(options.out);
  const guessed = questions.map((question) => ({ ...question, chosen: answers[question.id] ?? question.chosen ?? '' }));
  output.tell({ event: 'done', run: place, kind, layers, guessed: guessed.map(({ id, chosen }) => ({ id, chosen })), notes });
  output.say(`${run.name}: ${layers.join(' → ')}`);
  for (const { id, label, chosen, options: choices, why } of guessed) {
    output.say(`  ${label}: ${choices.find(({ value }) => value === chosen)?.label ?? chosen}. ${why}`);
    output.say(`    change it with --answer "${id}=${choices.map(({ value }) => value).join('|')}"`);
  }
  for (const note of notes) output.say(`  ${note}`);
  output.say(place);
}

function parseAnswer(text: string): [string, string] {
  const at = text.lastIndexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new UserError({
    code: 'bad-answer',
    message: `--answer: expected QUESTION=ANSWER, got “${text.slice(0, 60)}”.`,
    hint: 'unroll import PATH without answers lists the questions.',
  });
}
