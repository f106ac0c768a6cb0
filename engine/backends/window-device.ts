import type { DeviceInfo } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';

let reported: DeviceInfo | null = null;

export function reportWindowDevice(device: DeviceInfo): void {
  reported = device;
}

/** The window's WebGPU as it reported it, or `null` when no window has. */
export const windowDevice = (): DeviceInfo | null => reported;

/** @throws UserError `backend-unavailable` with the window's own reason. */
export function requireWindowDevice(): DeviceInfo {
  if (reported?.available === true) return reported;
  throw new UserError({
    code: 'backend-unavailable',
    message: `WebGPU is not available: ${reported?.reason ?? 'no window with WebGPU is open.'}`,
    hint: 'Choose another device, or “automatic”.',
  });
}
