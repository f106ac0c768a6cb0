import { installOn } from '../machines/install.ts';
import { UserError } from '../protocol/envelope.ts';
import { machineHost } from '../protocol/machine.ts';
import type { Output } from './output.ts';

/** Installs this version on another machine, over ssh. */
export async function installCommand(output: Output, argument: string): Promise<void> {
  const host = machineHost.safeParse(argument);
  if (!host.success) {
    const [issue] = host.error.issues;
    throw new UserError({ code: 'no-host', message: `${argument}: ${issue?.message ?? 'not the name of a machine'}` });
  }
  output.say(`Installing Unroll on ${host.data} …`);
  const version = await installOn(host.data);
  output.tell({ event: 'done', host: host.data, version });
  output.say(`Unroll ${version} is on ${host.data}. In the window: Connect to a machine…, in the status bar's menu.`);
}
