import { createReadStream } from 'node:fs';

/** The lines of a packaged text, without their ends; a block of the file at a time: an `await` for each line takes as long as the rest. */
export async function* linesOf(path: string, encoding: BufferEncoding): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const block of createReadStream(path, encoding)) {
    const lines = (rest + String(block)).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}
