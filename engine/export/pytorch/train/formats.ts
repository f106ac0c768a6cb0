import { mediaWords } from '../../features/media-words.ts';
import type { TrainForm } from './form.ts';

/** How the examples may lie in a file, for the docstring. */
export function formats(form: TrainForm): string {
  return [...tables(form), `JSONL       ${jsonExample(form)} on each line`].join('\n');
}

function jsonExample({ tokens, tags, numbers, says, language, media }: TrainForm): string {
  const list = tags ? '["a", "list", "of", "tokens"]' : '"a text"';
  const input = media ? `"${mediaWords[media].example}"` : tokens ? list : '[[1.5, 2.0], [1.7, 1.9]]';
  const target = numbers ? '[12.5]' : tags ? '["its", "tag", "each", "step"]' : says ? '"another text"' : '"class"';
  return language ? `{"input": ${input}}` : `{"input": ${input}, "target": ${target}}`;
}

function tables({ tokens, tags, windows, language, media }: TrainForm): readonly string[] {
  if (media) return ['CSV, TSV    a column with the path of a file and one with the answer'];
  if (language)
    return [
      'CSV, TSV    a column with the text, one sequence a line',
      'TXT         the whole text, or one sequence a line, as in training',
    ];
  if (windows) return ['CSV, TSV    a time series: one step a line, oldest first, cut into windows as in training'];
  if (!tokens) return ['CSV, TSV    one example a line: a column for each step, or a column with a JSON list'];
  if (tags)
    return [
      'CoNLL       a token and its tag on each line, an empty line between sentences',
      'CSV, TSV    tokens and tags between spaces',
    ];
  return ['CSV, TSV    a column with the text and one with the answer'];
}
