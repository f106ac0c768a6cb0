import { expect, it } from 'vitest';
import { emptyDocument } from '../../engine/document/schema.ts';
import { addNode, connect } from '../../engine/graph/edit.ts';
import { inferShapes, noFacts } from '../../engine/graph/infer-shapes.ts';
import { portWords } from './port-words.ts';

it('a port tells what flows in it, what it takes, and where its wires lead', () => {
  let document = emptyDocument('test');
  for (const kind of ['token-input', 'embedding', 'recurrent', 'concat'] as const)
    ({ document } = addNode(document, kind, { x: 0, y: 0 }));
  document = connect(document, { node: 'token-input-1', port: 'tokens' }, { node: 'embedding-1', port: 'tokens' });
  const facts = { ...noFacts, vocabulary: 30 };
  const told = (node: string, port: string, direction: 'input' | 'output') =>
    portWords(document, inferShapes(document, facts), { node, port }, direction);
  expect(told('embedding-1', 'tokens', 'input')).toEqual({
    name: 'tokens',
    values: ['tokens B·T'],
    takes: 'Takes tokens',
    wires: 'From Tokens',
  });
  expect(told('token-input-1', 'tokens', 'output')).toMatchObject({ values: ['tokens B·T'], wires: 'To Embedding' });
  expect(told('embedding-1', 'sequence', 'output')).toMatchObject({
    values: [expect.stringMatching(/^sequence B·T·\d+$/)],
    takes: 'Gives sequence',
    wires: 'Not wired',
  });
  expect(told('recurrent-1', 'cell', 'input')).toMatchObject({ values: [], takes: 'Takes cell', wires: 'Not wired yet' });
  expect(told('recurrent-1', 'initial', 'input')?.wires).toBe('Not wired, and need not be');
  expect(told('concat-1', 'inputs', 'input')?.takes).toMatch(/^Takes .* or .*, any number of wires$/);
  expect(told('embedding-1', 'nothing', 'output')).toBeNull();
});
