import * as tf from '@tensorflow/tfjs-core';
import { DeviceOptimizer } from './device-optimizer.tf.ts';
import { HostOptimizer } from './host-optimizer.tf.ts';
import type { Optimizer, OptimizerOptions, TrainedParameter } from './optimizer.tf.ts';

/** The optimizer for the active backend: on the host where its memory is the host's, on the device otherwise. */
export function createOptimizer(parameters: readonly TrainedParameter[], options: OptimizerOptions): Optimizer {
  const backend = tf.getBackend();
  return backend === 'wasm' || backend === 'cpu'
    ? new HostOptimizer(parameters, options)
    : new DeviceOptimizer(parameters, options);
}
