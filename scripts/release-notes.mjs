// `node scripts/release-notes.mjs TAG`: what CHANGELOG.md says of the version in package.json, if the tag names that version.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The versions of a changelog, newest first: `{ version, date, notes }` of each heading `## 1.2.3 (2026-11-29)`. */
export function changes(changelog) {
  return changelog
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading, ...lines] = section.split('\n');
      const [, version = null, date = null] = /^(\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)$/.exec(heading.trim()) ?? [];
      return { version, date, heading: heading.trim(), notes: lines.join('\n').trim() };
    });
}

/** What is to be released, or why it cannot be: `{ notes, problem }`, one of them `null`. */
export function releaseNotes(tag, version, changelog) {
  const [newest] = changes(changelog);
  if (tag !== `v${version}`)
    return { notes: null, problem: `The tag is ${tag}, package.json’s version is ${version}: expected v${version}.` };
  if (newest?.version !== version)
    return { notes: null, problem: `CHANGELOG.md begins with “${newest?.heading ?? ''}”: expected “${version} (YYYY-MM-DD)”.` };
  return newest.notes === ''
    ? { notes: null, problem: `CHANGELOG.md says nothing of ${version}.` }
    : { notes: newest.notes, problem: null };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const read = (name) => readFileSync(join(resolve(import.meta.dirname, '..'), name), 'utf8');
  const { notes, problem } = releaseNotes(process.argv[2] ?? '', JSON.parse(read('package.json')).version, read('CHANGELOG.md'));
  if (problem === null) console.log(notes);
  else console.error(problem);
  process.exitCode = problem === null ? 0 : 1;
}
