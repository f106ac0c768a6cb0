import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrations, parseDocument, readAsBefore, readDocument } from './migrations.ts';
import { currentVersion, documentLimits, emptyDocument, type UnrollDocument } from './schema.ts';

const fixtures = new URL('./fixtures/', import.meta.url);
const fixture = (version: number): string => readFileSync(new URL(`version-${version}.unroll.json`, fixtures), 'utf8');

function failureOf(source: string | Uint8Array) {
  const result = readDocument(source);
  if (result.ok) throw new Error('expected a refusal');
  expect(result.message.length).toBeGreaterThan(10);
  expect(result.hint.length).toBeGreaterThan(10);
  return result;
}

/** The fixture with one thing changed. */
function changed(change: (document: Record<string, unknown> & UnrollDocument) => void): string {
  const document = JSON.parse(fixture(1));
  change(document);
  return JSON.stringify(document);
}

describe('saved documents', () => {
  it('has a fixture for each version that was ever saved, and a migration from each to the next', () => {
    const versions = Array.from({ length: currentVersion }, (_, index) => index + 1);
    expect(
      readdirSync(fixtures)
        .filter((name) => name.endsWith('.json'))
        .sort(),
    ).toEqual(versions.map((version) => `version-${version}.unroll.json`).sort());
    expect(migrations.map((migration) => migration.from)).toEqual(versions.slice(0, -1));
  });

  it.each(Array.from({ length: currentVersion }, (_, index) => index + 1))('opens version %i', (version) => {
    const result = readDocument(fixture(version));
    if (!result.ok) throw new Error(result.message);
    expect(result.document.version).toBe(currentVersion);
    expect(result.migratedFrom).toBe(version < currentVersion ? version : null);
    expect(result.document.nodes.map((node) => node.kind)).toContain('bidirectional');
  });

  it('loses nothing of a document of today', () => {
    const result = readDocument(fixture(currentVersion));
    expect(result.ok && result.document).toEqual(JSON.parse(fixture(currentVersion)));
  });

  it('tells that a running text is every character now; a model that was trained on it reads it as before', () => {
    const saved = { ...JSON.parse(fixture(2)), data: { ...JSON.parse(fixture(2)).data, task: 'language-model' } };
    const opened = parseDocument(saved);
    if (!opened.ok) throw new Error(opened.message);
    expect(opened.notes).toEqual([expect.stringContaining('every character')]);
    expect(opened.document.data).toMatchObject({ languageModel: { unit: 'running' }, tokenizer: { rule: 2 } });
    const run = parseDocument(saved, true);
    if (!run.ok) throw new Error(run.message);
    expect(run.notes).toEqual([]);
    expect(run.document.data).toMatchObject({ languageModel: { unit: 'running-lines' }, tokenizer: { rule: 1 } });
    const lines = { ...saved, data: { ...saved.data, languageModel: { unit: 'line', chunk: 64 } } };
    expect(parseDocument(lines)).toMatchObject({ notes: [], document: { data: { languageModel: { unit: 'line' } } } });
  });

  it('reads data of before as it was read only for a model that was trained on it then', () => {
    const rule = { rule: 1 };
    const source = { kind: 'file', path: 'a.csv', reader: { format: 'delimited', timeColumn: 'day' } };
    const forecast = { task: 'forecasting', source, tokenizer: { unit: 'word' }, languageModel: { unit: 'running' } };
    expect(readAsBefore(forecast)).toEqual({
      ...forecast,
      source: { ...source, reader: { ...source.reader, timeColumn: null } },
      tokenizer: { unit: 'word', rule: 1 },
      targetTokenizer: rule,
    });
    const tagging = { task: 'step-tagging', source };
    expect(readAsBefore(tagging)).toEqual({ ...tagging, tokenizer: rule, targetTokenizer: rule });
    for (const without of [{ kind: 'template', name: 'x' }, null, undefined]) {
      expect(readAsBefore({ task: 'forecasting', source: without })).toEqual({
        task: 'forecasting',
        source: without,
        tokenizer: rule,
        targetTokenizer: rule,
      });
    }
    const text = { task: 'language-model', tokenizer: 3 };
    const lines = { unit: 'running-lines' };
    expect(readAsBefore(text)).toEqual({ ...text, tokenizer: rule, targetTokenizer: rule, languageModel: lines });
    expect(readAsBefore({ ...text, languageModel: { chunk: 9 } })).toMatchObject({ languageModel: { ...lines, chunk: 9 } });
    expect(readAsBefore({ ...text, languageModel: null })).toMatchObject({ languageModel: lines });
    expect(readAsBefore({ ...text, languageModel: { unit: 'line' } })).toMatchObject({ languageModel: { unit: 'line' } });
    for (const none of [null, undefined, 3, 'text']) expect(readAsBefore(none)).toBe(none);
    const today = JSON.parse(fixture(currentVersion));
    const read = parseDocument(today, true);
    expect(read.ok && read.document).toEqual(today);
  });

  it('tells of a change only what it changes', () => {
    const notes = (data: unknown) => {
      const result = parseDocument({ ...JSON.parse(fixture(2)), data });
      return result.ok ? result.notes : result.message;
    };
    const { data } = JSON.parse(fixture(2));
    expect(notes(null)).toEqual([]);
    expect(notes({ ...data, task: 'step-tagging', languageModel: { unit: 'running', chunk: 8 } })).toEqual([]);
    expect(notes({ ...data, task: 'language-model', languageModel: { unit: 'running', chunk: 8 } })).toHaveLength(1);
  });

  it('reads bytes as it reads text, with or without a byte-order mark', () => {
    const name = 'Grüße \uFEFF';
    const text = JSON.stringify(emptyDocument(name));
    for (const source of [text, `\uFEFF${text}`, new TextEncoder().encode(text), new TextEncoder().encode(`\uFEFF${text}`)]) {
      const result = readDocument(source);
      expect(result.ok && result.document.name).toBe(name);
    }
  });
});

describe('files that are refused, each with its reason', () => {
  it.each([
    ['an empty file', '', 'not-json'],
    ['a file that was cut off', fixture(1).slice(0, 200), 'not-json'],
    ['bytes that are no text', Uint8Array.from([0xff, 0xfe, 0x00, 0x80]), 'not-json'],
    ['a list', '[]', 'not-unroll'],
    ['null', 'null', 'not-unroll'],
    ['another program’s JSON', '{"name": "package", "version": 1}', 'not-unroll'],
    ['a version that is no number', '{"format": "unroll", "version": "1"}', 'not-unroll'],
    ['a newer version', JSON.stringify({ format: 'unroll', version: currentVersion + 1 }), 'newer-version'],
    ['a missing field', changed((document) => Reflect.deleteProperty(document, 'training')), 'invalid'],
    ['an unknown field', changed((document) => Object.assign(document, { script: 'alert(1)' })), 'invalid'],
    ['deep nesting', `{"format":"unroll","version":1,"nodes":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'too-deep'],
  ] as const)('%s', (_what, source, code) => {
    expect(failureOf(source).code).toBe(code);
  });

  it('says which version it would take', () => {
    expect(failureOf('{"format": "unroll", "version": 99}').message).toContain('99');
  });

  it('a huge file, without parsing it', () => {
    const { code, message } = failureOf(new Uint8Array(documentLimits.bytes + 1));
    expect(code).toBe('too-large');
    expect(message).toBe('the file has 17 MB; a document has at most 16 MB');
    const largest = JSON.stringify(emptyDocument()).padEnd(documentLimits.bytes);
    expect(readDocument(largest).ok).toBe(true);
    expect(failureOf(`${largest} `).code).toBe('too-large');
  });

  it('text in another encoding, rather than reading it wrong', () => {
    const bytes = new TextEncoder().encode(JSON.stringify(emptyDocument('Gr\u00fc\u00dfe')));
    const latin = bytes.map((byte) => (byte === 0xc3 ? 0xfc : byte));
    expect(failureOf(latin).code).toBe('not-json');
  });

  it('more than 32 levels, and not fewer', () => {
    const nested = (levels: number): string =>
      `{"format":"unroll","version":1,"nodes":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect(failureOf(nested(32)).code).toBe('invalid');
    expect(failureOf(nested(33)).code).toBe('too-deep');
  });

  it('what is wrong, in the first three places and as a number', () => {
    const wrong = (count: number): string =>
      failureOf(changed((document) => Object.assign(document, { nodes: Array.from({ length: count }, () => 1) }))).message;
    const place = (index: number): string => `nodes\\.${index}: [^;]+`;
    expect(wrong(1)).toMatch(new RegExp(`^${place(0)}$`));
    expect(wrong(3)).toMatch(new RegExp(`^${place(0)}; ${place(1)}; ${place(2)}$`));
    expect(wrong(3)).not.toContain('more');
    expect(wrong(5)).toMatch(new RegExp(`^${place(0)}; ${place(1)}; ${place(2)} \\(and 2 more\\)$`));
    expect(failureOf(changed((document) => Object.assign(document, { script: 1 }))).message).toMatch(/^document: /);
  });

  it('two nodes with one id, naming it', () => {
    const text = changed(({ nodes }) => nodes.push({ id: 'tokens', kind: 'add', params: {}, position: { x: 0, y: 0 } }));
    expect(failureOf(text).message).toContain('“tokens”');
  });

  it('a wire to nowhere, naming both', () => {
    const text = changed(({ edges }) => {
      edges.push({ id: 'loose', from: { node: 'tokens', port: 'tokens' }, to: { node: 'ghost', port: 'x' } });
    });
    expect(failureOf(text).message).toMatch(/loose.*ghost/);
    const atWire = changed(({ edges }) => {
      const [first] = edges;
      edges.push({ id: 'loose', from: { node: 'tokens', port: 'tokens' }, to: { node: first?.id ?? '', port: 'x' } });
    });
    expect(failureOf(atWire).code).toBe('invalid');
  });

  it('numbers outside the canvas, and ids that are not ids', () => {
    expect(failureOf(fixture(1).replace('"x": 660', '"x": 1e300')).code).toBe('invalid');
    expect(failureOf(changed(({ nodes }) => Object.assign(nodes[0] ?? {}, { id: '../../etc' }))).message).toContain('nodes.0.id');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('does not let the key %s reach any prototype', (key) => {
    const poison = `"${key}": {"polluted": true}`;
    const places = [
      fixture(1).replace('"format": "unroll"', `${poison}, "format": "unroll"`),
      fixture(1).replace('"width": 32', `${poison}, "width": 32`),
      fixture(1).replace('"epochs": 5', `${poison}, "epochs": 5`),
    ];
    for (const text of places) {
      const result = readDocument(text);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      if (result.ok) {
        for (const node of result.document.nodes) expect(Object.getPrototypeOf(node.params)).toBe(Object.prototype);
        expect(Reflect.has(result.document, 'polluted')).toBe(false);
      }
    }
  });

  it('anything at all, without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseDocument(value).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readDocument(text).ok).toBe(false);
      }),
    );
  });
});
