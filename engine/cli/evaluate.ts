import type { SplitName } from '../document/split-names.ts';
import { runArgument, startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';
import { figure } from './progress-bar.ts';

export async function evaluateCommand(output: Output, argument: string, split: SplitName): Promise<void> {
  const engine = startLocalEngine();
  const run = await runArgument(argument);
  const result = await engine.call['runs.evaluate']({ run, split });
  output.tell({
    event: 'done',
    run: argument,
    split,
    values: result.values,
    decoded: result.decoded,
    baseline: result.baseline,
    baselineName: result.baselineName,
    classes: result.classes,
    confusion: result.confusion,
  });
  output.say(`${split} split, weights of step ${result.step}; in brackets: ${result.baselineName}`);
  if (result.decoded && result.decoded.examples < result.decoded.of) {
    output.say(`generated sequences are judged on ${result.decoded.examples} of ${result.decoded.of} examples, evenly spread`);
  }
  for (const [name, value] of Object.entries(result.values)) {
    const baseline = result.baseline[name];
    output.say(`  ${name.padEnd(17)} ${figure(value)}${baseline === undefined ? '' : `  (${figure(baseline)})`}`);
  }
  for (const { name, precision, recall, f1, support } of result.classes) {
    output.say(`  ${name.padEnd(17)} precision ${figure(precision)}  recall ${figure(recall)}  F1 ${figure(f1)}  of ${support}`);
  }
}
