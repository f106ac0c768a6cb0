import { listDevices } from '../backends/choose.tf.ts';
import type { Output } from './output.ts';

export async function devicesCommand(output: Output): Promise<void> {
  const { devices, preferred } = await listDevices();
  for (const device of devices) {
    output.tell({ ...device, preferred: device.backend === preferred });
    const mark = device.backend === preferred ? '*' : ' ';
    output.say(
      `${mark} ${device.backend.padEnd(11)} ${device.description}${device.reason === null ? '' : `\n${' '.repeat(14)}${device.reason}`}`,
    );
  }
}
