// The engine's rooms stand in a ladder: each imports only what is below it, types included. The ladder is README's table, lowest room first.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSync } from 'oxc-parser';

const root = resolve(import.meta.dirname, '..');
/** Tests and what serves only them may look into any room. */
const ofTests = /(\.test|\.test-support)(\.tf)?\.ts$/;

/** Names of the rooms in the order of the table, e.g. `| \`engine/shapes\` | … |`. */
export const roomsOf = (readme) => [...readme.matchAll(/^\| `engine\/([a-z-]+)` +\|/gm)].map(([, name]) => name);

/** Relative imports of a module: of values and types, said again, and dynamic. */
export function importsOf(name, source) {
  const { module, errors } = parseSync(name, source);
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`);
  const requests = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)];
  const types = [...source.matchAll(/\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/g)].map(([, path]) => path);
  return [...requests.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []), ...types].filter((path) =>
    path.startsWith('.'),
  );
}

/**
 * What leads upwards in the ladder, or to a room that is not in it.
 *
 * @param sources text by path under `engine/`, e.g. `shapes/value-type.ts`. Files in no room are above all, but for those that import
 * nothing of a room: these are below all.
 */
export function upwards(rooms, sources) {
  const imports = new Map();
  for (const [path, source] of sources) {
    if (ofTests.test(path)) continue;
    const targets = importsOf(path, source).map((request) => join(dirname(path), request).replaceAll(sep, '/'));
    imports.set(
      path,
      [...new Set(targets)].filter((target) => sources.has(target)),
    );
  }
  const roomOf = (path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : null);
  const level = (path) => {
    const room = roomOf(path);
    if (room !== null) return rooms.indexOf(room);
    return (imports.get(path) ?? []).every((target) => roomOf(target) === null) ? -1 : rooms.length;
  };
  const found = [...new Set([...sources.keys()].map(roomOf))]
    .filter((room) => room !== null && !rooms.includes(room))
    .map((room) => `engine/${room} is not in README's table of rooms`);
  for (const [path, targets] of imports)
    for (const target of targets)
      if (level(target) > level(path))
        found.push(`engine/${path} imports engine/${target}: ${roomOf(target)} is above ${roomOf(path)}`);
  return found;
}

function check() {
  const engine = join(root, 'engine');
  const sources = new Map(
    readdirSync(engine, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes(`${sep}fixtures${sep}`))
      .map((path) => [path.replaceAll(sep, '/'), readFileSync(join(engine, path), 'utf8')]),
  );
  const rooms = roomsOf(readFileSync(join(root, 'README.md'), 'utf8'));
  const found = upwards(rooms, sources);
  for (const line of found) console.error(line);
  if (found.length > 0) process.exitCode = 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) check();
