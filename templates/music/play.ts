// npx tsx templates/music/play.ts NOTES FILE: writes FILE.mid and FILE.wav. NOTES is what the model wrote; - reads it from standard input.
import { readFileSync, writeFileSync } from 'node:fs';
import { midiFile } from './midi.ts';
import { readNotes } from './notes.ts';
import { wavFile } from './wav.ts';

const [given = '', file = ''] = process.argv.slice(2);
const notes = readNotes(given === '-' ? readFileSync(0, 'utf8') : given);
if (file === '' || notes.length === 0) {
  process.stderr.write(
    `expected notes such as "C4 4 D4 4 E4 8" and the name of a file, found ${notes.length} notes and ${file === '' ? 'no name' : file}\n` +
      'Usage: npx tsx templates/music/play.ts NOTES FILE\n',
  );
  process.exitCode = 2;
} else {
  writeFileSync(`${file}.mid`, midiFile(notes));
  writeFileSync(`${file}.wav`, wavFile(notes));
  process.stdout.write(`${notes.length} notes: ${file}.mid, ${file}.wav\n`);
}
