import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type MethodName, methods } from './contract.ts';

/**
 * What each request does to files: a request that is new does not compile until it stands here, and one that writes fails until the
 * decision record says what guards it.
 */
const effects: Readonly<Record<MethodName, 'writes' | 'reads'>> = {
  'app.hello': 'reads',
  'app.devices': 'reads',
  'app.matrixProducts.choose': 'writes',
  'app.setup.start': 'writes',
  'app.setup.cancel': 'reads',
  'app.setup.status': 'reads',
  'lesson.list': 'reads',
  'lesson.open': 'reads',
  'files.list': 'reads',
  'document.open': 'writes',
  'document.save': 'writes',
  'document.recent': 'reads',
  'document.autosave': 'writes',
  'document.recoverable': 'reads',
  'document.recover': 'reads',
  'document.discard': 'writes',
  'document.restore': 'writes',
  'blocks.list': 'reads',
  'blocks.keep': 'writes',
  'blocks.discard': 'writes',
  'blocks.restore': 'writes',
  'template.list': 'reads',
  'template.open': 'reads',
  'data.preview': 'reads',
  'data.prepare': 'reads',
  'data.cancel': 'reads',
  'data.examples': 'reads',
  'data.view': 'reads',
  'data.files': 'reads',
  'training.start': 'writes',
  'training.fit': 'reads',
  'training.pause': 'writes',
  'training.resume': 'writes',
  'training.stop': 'writes',
  'training.cancel': 'reads',
  'runs.list': 'reads',
  'runs.get': 'reads',
  'runs.metrics': 'reads',
  'runs.describe': 'writes',
  'runs.settings': 'reads',
  'runs.restore': 'writes',
  'runs.delete': 'writes',
  'runs.evaluate': 'reads',
  'predict.text': 'reads',
  'predict.series': 'reads',
  'predict.file': 'reads',
  'predict.example': 'reads',
  'predict.generate': 'reads',
  'predict.cancel': 'reads',
  'film.get': 'reads',
  'film.keep': 'writes',
  'inspect.trace': 'reads',
  'inspect.values': 'reads',
  'inspect.output': 'reads',
  'inspect.gradient': 'reads',
  'inspect.gradientValues': 'reads',
  'inspect.connectivity': 'reads',
  'inspect.forget': 'reads',
  'inspect.spectrum': 'reads',
  'inspect.flow': 'reads',
  'inspect.statistics': 'reads',
  'inspect.cancel': 'reads',
  'inspect.sampleText': 'reads',
  'inspect.sampleValues': 'reads',
  'inspect.unitScores': 'reads',
  'inspect.similar': 'reads',
  'inspect.saliency': 'reads',
  'export.pytorch': 'writes',
  'export.onnx': 'writes',
  'export.preview': 'reads',
  'import.inspect': 'reads',
  'import.open': 'writes',
  'worker.ready': 'reads',
  'worker.claim': 'reads',
  'worker.read': 'reads',
  'worker.write': 'reads',
  'worker.metrics': 'writes',
  'worker.progress': 'reads',
  'worker.evaluation': 'writes',
  'worker.checkpoint': 'writes',
  'worker.best': 'writes',
  'worker.end': 'writes',
  'worker.alive': 'reads',
  'window.show': 'reads',
  'window.takeOver': 'reads',
  'window.handOver': 'reads',
  'series.take': 'reads',
  'series.keep': 'writes',
};

const record = readFileSync(join(import.meta.dirname, '../../docs/adr/0022-what-requests-may-write.md'), 'utf8');
/** Request → what guards it, from the record's table. */
const guards = new Map(
  [...record.matchAll(/^\| `([\w.]+)` *\| [^|]+ \| ([^|]+) \|$/gm)].map(([, name = '', guard = '']) => [name, guard.trim()]),
);

it('each request that writes files has its guard in the decision record, and no other is there', () => {
  expect(Object.keys(effects).sort()).toEqual(Object.keys(methods).sort());
  const writing = Object.entries(effects).flatMap(([name, effect]) => (effect === 'writes' ? [name] : []));
  expect([...guards.keys()].sort()).toEqual(writing.sort());
  for (const guard of guards.values()) expect(guard).not.toBe('');
});
