import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseDocument } from '../document/migrations.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { trainingSettings } from '../document/training-settings.ts';
import { modelName, nameRun } from './run-name.ts';

function template(name: string): UnrollDocument {
  const file = z
    .object({ document: z.unknown() })
    .parse(JSON.parse(readFileSync(join('templates', name, 'template.json'), 'utf8')));
  const read = parseDocument(file.document);
  if (!read.ok) throw new Error(`${name} does not open`);
  return read.document;
}

const withTraining = (document: UnrollDocument, training: Partial<UnrollDocument['training']>): UnrollDocument => ({
  ...document,
  training: { ...document.training, ...training },
});

const document = template('syllables');
const name = nameRun(document);

describe('the name of a run', () => {
  it.each([
    ['syllables', 'BiGRU 48 · Adam 0.005'],
    ['name-tagger', 'BiLSTM 64 · Adam 0.004'],
    ['pronunciation', 'BiGRU 64 → GRU 128 with general attention · Adam 0.003'],
    ['speech', '2 × pyramid GRU 32 · Adam 0.003'],
    ['image-captioning', 'conv 12 → conv 16 → GRU 64 · Adam 0.001'],
    ['co2', 'GRU 24 · Adam 0.003'],
  ])('tells the model of %s: %s', (from, words) => {
    expect(nameRun(template(from))).toBe(words);
  });

  it('is the document’s where nothing in the graph tells', () => {
    expect(modelName({ ...document, nodes: [], edges: [] })).toBe(document.name);
  });

  it('leaves out what is not wired in', () => {
    const loose = document.nodes.find((node) => node.kind.endsWith('-cell'));
    if (!loose) throw new Error('no cell');
    expect(nameRun({ ...document, nodes: [...document.nodes, { ...loose, id: 'loose', params: { hidden: 7 } }] })).toBe(name);
  });

  it('says what changed since the last run of the same model, two settings at most', () => {
    const kept = [{ name, document }];
    expect(nameRun(withTraining(document, { seed: 7 }), kept)).toBe(`${name} · seed 7`);
    expect(nameRun(withTraining(document, { seed: 7, epochs: 99, batchSize: 3 }), kept)).toBe(
      `${name} · epochs 99 · batch size 3`,
    );
  });

  it('has no rate where none is followed, and ends after 120 characters', () => {
    const swarm = trainingSettings.parse({ optimizer: { kind: 'particle-swarm' } });
    expect(nameRun(withTraining(document, swarm))).toBe('BiGRU 48 · Particle swarm');
    const long = { ...document, name: 'x'.repeat(200), nodes: [], edges: [] };
    expect(nameRun(long)).toBe('x'.repeat(120));
  });

  it('compares with runs of the same model and optimizer alone, and not by their data', () => {
    const other = { name: 'another', document: withTraining(document, { seed: 3 }) };
    expect(nameRun(document, [other])).toBe(name);
    expect(nameRun(withTraining(document, { seed: 7 }), [other, { name, document }])).toBe(`${name} · seed 7`);
    expect(nameRun({ ...document, data: null }, [{ name, document }])).toBe(`${name} (2)`);
  });

  it('compares with the newest of them', () => {
    const seven = withTraining(document, { seed: 7 });
    const kept = [
      { name: `${name} · seed 7`, document: seven },
      { name, document },
    ];
    expect(nameRun(withTraining(document, { seed: 7, epochs: 99 }), kept)).toBe(`${name} · epochs 99`);
  });

  it('counts equal ones', () => {
    expect(nameRun(document, [{ name, document }])).toBe(`${name} (2)`);
    expect(
      nameRun(document, [
        { name: `${name} (2)`, document },
        { name, document },
      ]),
    ).toBe(`${name} (3)`);
  });

  it('does not mind a run that a person renamed', () => {
    expect(nameRun(document, [{ name: 'my best', document }])).toBe(name);
  });
});
