import { templates } from '../../templates/registry.ts';
import type { Output } from './output.ts';

export async function templatesCommand(output: Output): Promise<void> {
  const width = Math.max(...templates.map(({ info }) => info.name.length));
  for (const { info } of templates) {
    output.tell({ name: info.name, structure: info.structure, task: info.task });
    output.say(
      `${info.name.padEnd(width)}  ${info.structure}\n${' '.repeat(width)}  ${info.summary}\n${' '.repeat(width)}  ${info.expected}`,
    );
  }
  output.say('\nTrain one: unroll train NAME');
}
