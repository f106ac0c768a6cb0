import * as tf from '@tensorflow/tfjs-core';
import { fusedBackend } from '../kernels/native-ops.tf.ts';
import { DeviceOptimizer } from './device-optimizer.tf.ts';
import { FusedAdam } from './fused-adam.tf.ts';
import { HostOptimizer } from './host-optimizer.tf.ts';
import type { Optimizer, OptimizerOptions, TrainedParameter } from './optimizer.tf.ts';

/** The optimizer for the active backend: one op of our own where there is one, on the host where its memory is the host's, on the device otherwise. */
export function createOptimizer(parameters: readonly TrainedParameter[], options: OptimizerOptions): Optimizer {
  const backend = tf.getBackend();
  const { optimizer } = options;
  if (fusedBackend() && (optimizer.kind === 'adam' || optimizer.kind === 'adamw')) {
    return new FusedAdam(parameters, { ...options, optimizer });
  }
  return backend === 'wasm' || backend === 'cpu'
    ? new HostOptimizer(parameters, options)
    : new DeviceOptimizer(parameters, options);
}
