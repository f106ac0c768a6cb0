import { runArgument, startLocalEngine } from './local-engine.ts';
import type { Output } from './output.ts';

export async function restoreCommand(output: Output, argument: string): Promise<void> {
  const engine = startLocalEngine();
  const run = await runArgument(argument);
  const { summary, done } = await engine.call['runs.restore']({ run });
  output.tell({ event: 'done', run: argument, status: summary.status, done });
  for (const line of done) output.say(line);
  if (done.length === 0) output.say('Nothing is damaged that could be restored.');
}
