import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { inspectedRun } from './inspected-run.test-support.ts';

type Inspected = Awaited<ReturnType<typeof inspectedRun>>;

describe('beam search over what a trace reads', () => {
  let inspected: Inspected;
  beforeAll(async () => {
    inspected = await inspectedRun(reversalTask({ settings: { epochs: 2 }, examples: 60, hidden: 8 }));
  });
  afterAll(() => inspected.end());
  const traced = ({ ask, run }: Inspected) => ask('inspect.trace', { run, input: { kind: 'example', split: 'test', index: 1 } });

  it('says with one hypothesis what the trace says, and leads to it', async () => {
    const { trace, prediction } = await traced(inspected);
    const { hypotheses, tree } = await inspected.ask('inspect.beam', { trace, width: 1 });
    expect(prediction).toMatchObject({ kind: 'sequence', hypotheses });
    expect(tree).toMatchObject({ width: 1, lengthPenalty: 0.6 });
    const said = tree.nodes.filter(({ fate }) => fate !== 'dropped').map(({ token }) => token);
    const [answer] = hypotheses;
    expect(said).toEqual([...(answer?.tokens ?? []), ...(answer?.finished === true ? ['<eos>'] : [])]);
  });

  it('finds as many as are wanted, the answer no worse than without', async () => {
    const { trace } = await traced(inspected);
    const one = await inspected.ask('inspect.beam', { trace, width: 1, lengthPenalty: 0 });
    const four = await inspected.ask('inspect.beam', { trace, width: 4, lengthPenalty: 0 });
    expect(four.hypotheses).toHaveLength(4);
    expect(new Set(four.hypotheses.map(({ text }) => text)).size).toBe(4);
    if (one.hypotheses[0]?.finished === true && four.hypotheses[0]?.finished === true)
      expect(four.hypotheses[0].logProbability).toBeGreaterThanOrEqual(one.hypotheses[0].logProbability - 1e-9);
  });

  it('is refused where a network says no sequence', async () => {
    const tagger = await inspectedRun();
    const { trace } = await traced(tagger);
    await expect(tagger.ask('inspect.beam', { trace })).rejects.toMatchObject({
      message: expect.stringContaining('says no sequence'),
    });
    await tagger.end();
  });
});
