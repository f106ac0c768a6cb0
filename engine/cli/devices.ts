import { listDevices } from '../backends/choose.tf.ts';
import { chooseProducts, requireProducts } from '../backends/matrix-products.ts';
import type { MatrixProducts } from '../protocol/app.ts';
import type { CheckedBackend } from './check-devices.ts';
import type { Output } from './output.ts';

export interface DevicesOptions {
  readonly check?: boolean;
  readonly device?: CheckedBackend;
  readonly matrixProducts?: MatrixProducts;
}

export async function devicesCommand(output: Output, options: DevicesOptions): Promise<void> {
  if (options.matrixProducts !== undefined) await choose(output, options.matrixProducts);
  else if (options.check !== true) await list(output);
  if (options.check === true) await (await import('./check-devices.ts')).checkDevices(output, options.device && [options.device]);
}

async function list(output: Output): Promise<void> {
  const { devices, preferred } = await listDevices();
  for (const device of devices) {
    output.tell({ ...device, preferred: device.backend === preferred });
    const mark = device.backend === preferred ? '*' : ' ';
    output.say(
      `${mark} ${device.backend.padEnd(11)} ${device.description}${device.reason === null ? '' : `\n${' '.repeat(14)}${device.reason}`}`,
    );
  }
}

async function choose(output: Output, choice: MatrixProducts): Promise<void> {
  requireProducts(choice);
  await chooseProducts(choice);
  output.tell({ event: 'done', matrixProducts: choice });
  output.say(`Matrix products: ${choice}. This counts from the next start of Unroll.`);
}
