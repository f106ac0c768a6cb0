import * as tf from '@tensorflow/tfjs-core';
import { softwareLabel } from '../kernels/webgpu/describe-adapter.ts';
import type { BackendName, DeviceInfo } from '../protocol/app.ts';
import { UserError } from '../protocol/envelope.ts';
import { chooseDistribution, tensorflowVersion, thisMachine } from '../toolchain/distribution.ts';
import { nativeRuntime } from '../toolchain/runtime.ts';
import { registryNames, type StartedBackend } from './backend.ts';
import { startJavascript } from './javascript.tf.ts';
import { productsChoice, tensorflowLimit } from './matrix-products.ts';
import { measuredSpeed } from './measured-speed.ts';
import { selfCheck } from './self-check.tf.ts';
import { describeTensorflow, startTensorflow, usesGpu } from './tensorflow.tf.ts';
import { startWasm } from './wasm.tf.ts';
import { requireWindowDevice, windowDevice } from './window-device.ts';

type EngineBackend = Exclude<BackendName, 'webgpu'>;

const starters: Readonly<Record<EngineBackend, () => Promise<StartedBackend>>> = {
  tensorflow: async () => {
    const runtime = nativeRuntime();
    if (runtime === null) throw new Error('it is not prepared on this machine; prepare it with “unroll setup”');
    return startTensorflow(runtime.binding, runtime.ops);
  },
  wasm: startWasm,
  javascript: startJavascript,
};

/** What each backend showed when it was started in this process: checked once, kept until the process ends. */
const known = new Map<EngineBackend, DeviceInfo>();

/**
 * Makes a backend the one that computes. It is checked against the JavaScript backend the first time, and refused when it
 * fails. Not to be called while a training step is running. WebGPU computes in a window, which has checked it: sessions come
 * from `worker/window-workers.ts` then, and this process gets its own best backend, for predictions.
 *
 * @throws UserError `backend-unavailable` when it cannot start here, `backend-refused` when its gradients are wrong.
 */
export async function activateBackend(name: BackendName): Promise<DeviceInfo> {
  if (name === 'webgpu') {
    const device = requireWindowDevice();
    await activateBest();
    return device;
  }
  const before = known.get(name);
  if (before?.available === true) {
    await tf.setBackend(registryNames[name]);
    return before;
  }
  if (before?.reason != null) throw refusal(name, before.reason);
  const { description } = await starters[name]().catch((error: unknown) => {
    throw new UserError(
      {
        code: 'backend-unavailable',
        message: `The backend ${name} is not available: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'Choose another device, or “automatic”.',
      },
      { cause: error },
    );
  });
  const { error, reason } = name === 'javascript' ? { error: 0, reason: null } : await judge();
  const info: DeviceInfo = {
    backend: name,
    available: reason === null,
    reason,
    description,
    selfCheckError: error,
    tokensPerSecond: null,
  };
  known.set(name, info);
  if (reason !== null) {
    await startJavascript();
    throw refusal(name, reason);
  }
  return info;
}

/** Runs the self-check on the active backend; `reason` is why it may not be used. */
async function judge(): Promise<{ error: number | null; reason: string | null }> {
  try {
    const error = await selfCheck();
    const limit = tensorflowLimit(usesGpu());
    const passed = error <= limit;
    const reason = `its gradients differ from the JavaScript backend's by ${error.toPrecision(2)} (limit ${limit})`;
    return { error: Number.isFinite(error) ? error : null, reason: passed ? null : reason };
  } catch (error) {
    return { error: null, reason: `its self-check failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const refusal = (name: BackendName, reason: string): UserError =>
  new UserError({
    code: 'backend-refused',
    message: `The backend ${name} was refused: ${reason}.`,
    hint: 'Choose another device, or “automatic”.',
  });

/** The best backend of this process that starts and passes its check: native TensorFlow, WASM, JavaScript. */
export async function activateBest(): Promise<DeviceInfo> {
  const { devices } = await listDevices();
  for (const name of ['tensorflow', 'wasm'] as const) {
    if (!devices.some(({ backend, available }) => backend === name && available)) continue;
    try {
      return await activateBackend(name);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return activateBackend('javascript');
}

/** What 'automatic' means for a run: as `activateBest`, but a window's GPU comes before WASM. */
export async function activateForTraining(): Promise<DeviceInfo> {
  const { preferred } = await listDevices();
  return preferred === 'webgpu' ? activateBackend('webgpu') : activateBest();
}

/** Best first. */
const preference: readonly BackendName[] = ['tensorflow', 'webgpu', 'wasm', 'javascript'];

/** Automatic choice leaves WebGPU out where it computes on the processor: WASM is faster there. */
const worthChoosing = (device: DeviceInfo): boolean =>
  device.available && !(device.backend === 'webgpu' && device.description.startsWith(softwareLabel));

/** Every device with what is known of it. Starts nothing, so it may be called while a run is training. */
export async function listDevices(): Promise<{ devices: DeviceInfo[]; preferred: BackendName }> {
  const found = [
    known.get('tensorflow') ?? unstartedTensorflow(),
    windowDevice() ?? unstarted('webgpu', 'WebGPU', 'WebGPU trains in the window, and no window has reported it.'),
    known.get('wasm') ?? unstarted('wasm', 'WASM', null),
    known.get('javascript') ?? unstarted('javascript', 'JavaScript · 1 thread', null),
  ];
  const devices = found.map((device) => ({ ...device, tokensPerSecond: measuredSpeed(device.backend) }));
  const preferred = preference.find((name) => devices.some((device) => device.backend === name && worthChoosing(device)));
  return { devices, preferred: preferred ?? 'javascript' };
}

function unstartedTensorflow(): DeviceInfo {
  const runtime = nativeRuntime();
  if (runtime !== null) {
    const { tensorflow, kind, selfCheckError } = runtime.manifest;
    const rounded = productsChoice(runtime)?.chosen === 'bfloat16' ? ' · products in bfloat16 once checked' : '';
    const description = describeTensorflow(tensorflow, kind === 'cuda' ? { cudnn: null } : runtime.ops !== null) + rounded;
    return {
      ...unstarted('tensorflow', description, null),
      selfCheckError,
    };
  }
  const choice = chooseDistribution(thisMachine());
  const reason = choice.ok ? 'Not prepared yet: “Set up” in the status bar or “unroll setup” does it once.' : choice.reason;
  return unstarted('tensorflow', `TensorFlow ${tensorflowVersion}`, reason);
}

const unstarted = (backend: BackendName, description: string, reason: string | null): DeviceInfo => ({
  backend,
  available: reason === null,
  reason,
  description,
  selfCheckError: null,
  tokensPerSecond: null,
});
