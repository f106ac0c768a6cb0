import { type MediaSettings, mediaSettings } from '../../document/media-settings.ts';
import { GraphBuilder, type ParityCase, parityCase } from './parity-cases.ts';
import { said } from './structure-cases.ts';

const hearing = (features: 'log-mel' | 'mfcc'): MediaSettings =>
  mediaSettings.parse({ kind: 'audio', sampleRate: 8000, bands: 12, features, coefficients: 7 });
const seeing = (kind: 'image' | 'frames', channels: 1 | 3): MediaSettings =>
  mediaSettings.parse({ kind, height: 6, width: 5, channels });

/** Networks that read recordings, pictures and videos from files, for every task that they have. */
export function mediaCases(): ParityCase[] {
  return [recording('log-mel'), recording('mfcc'), loudness(), transcript(), picture(), caption(), video()];
}

/** Which class a recording is of. */
function recording(features: 'log-mel' | 'mfcc'): ParityCase {
  const graph = new GraphBuilder();
  graph.add('series', 'series-input');
  graph.add('cell', 'gru-cell', { hidden: 4 });
  graph.add('both', 'bidirectional', { output: 'max' }, { sequence: 'series.sequence', cell: 'cell.cell' });
  graph.add('head', 'dense-softmax', {}, { input: 'both.output' });
  return parityCase(`recording to class · ${features}`, graph.document('sequence-classification', { media: hearing(features) }));
}

/** Numbers of a recording. */
function loudness(): ParityCase {
  const graph = new GraphBuilder();
  graph.add('series', 'series-input');
  graph.add('cell', 'lstm-cell', { hidden: 4 });
  graph.add('layer', 'recurrent', { output: 'mean' }, { sequence: 'series.sequence', cell: 'cell.cell' });
  graph.add('head', 'linear-regression', {}, { input: 'layer.output' });
  return parityCase('recording to numbers', graph.document('sequence-regression', { media: hearing('log-mel') }));
}

/** Words of a recording. */
function transcript(): ParityCase {
  const graph = new GraphBuilder();
  graph.add('series', 'series-input');
  graph.add('cell', 'gru-cell', { hidden: 4 });
  graph.add('encoder', 'pyramid', { layers: 2, output: 'every-step' }, { sequence: 'series.sequence', cell: 'cell.cell' });
  graph.add('bridge', 'bridge', {}, { from: 'encoder.state', cell: 'cell.cell' });
  graph.add(
    'decoder',
    'decoder',
    { attention: 'general' },
    { sequence: said(graph), cell: 'cell.cell', initial: 'bridge.state', memory: 'encoder.output' },
  );
  graph.add('head', 'dense-softmax', {}, { input: 'decoder.output' });
  return parityCase('recording to sequence', graph.document('sequence-to-sequence', { media: hearing('mfcc') }));
}

function picture(): ParityCase {
  const graph = new GraphBuilder();
  graph.add('image', 'image-input');
  graph.add('look', 'convolution', { filters: 3, activation: 'tanh' }, { pictures: 'image.image' });
  graph.add('flat', 'flatten', { mode: 'all' }, { pictures: 'look.output' });
  graph.add('head', 'dense-sigmoid', {}, { input: 'flat.output' });
  return parityCase('picture to class', graph.document('sequence-classification', { media: seeing('image', 1) }), 2);
}

function caption(): ParityCase {
  const graph = new GraphBuilder();
  graph.add('image', 'image-input');
  graph.add('look', 'convolution', { filters: 3, activation: 'tanh' }, { pictures: 'image.image' });
  graph.add('flat', 'flatten', { mode: 'all' }, { pictures: 'look.output' });
  graph.add('cell', 'lstm-cell', { hidden: 4 });
  graph.add('bridge', 'bridge', {}, { from: 'flat.output', cell: 'cell.cell' });
  graph.add('decoder', 'decoder', {}, { sequence: said(graph), cell: 'cell.cell', initial: 'bridge.state' });
  graph.add('head', 'dense-softmax', {}, { input: 'decoder.output' });
  return parityCase('picture to sequence', graph.document('sequence-to-sequence', { media: seeing('image', 3) }));
}

function video(): ParityCase {
  const graph = new GraphBuilder();
  graph.add('frames', 'frames-input');
  graph.add('look', 'convolution', { filters: 3, activation: 'identity' }, { pictures: 'frames.frames' });
  graph.add('flat', 'flatten', { mode: 'mean' }, { pictures: 'look.output' });
  graph.add('cell', 'gru-cell', { hidden: 4 });
  graph.add('layer', 'recurrent', { output: 'last' }, { sequence: 'flat.output', cell: 'cell.cell' });
  graph.add('head', 'dense-softmax', {}, { input: 'layer.output' });
  return parityCase('video to class', graph.document('sequence-classification', { media: seeing('frames', 3) }));
}
