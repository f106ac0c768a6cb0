import './gradients.tf.ts';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { StartedBackend } from './backend.ts';

/** Plain JavaScript: slow, runs everywhere, and the reference that every other backend is checked against. */
export async function startJavascript(): Promise<StartedBackend> {
  if (!(await tf.setBackend('cpu'))) throw new Error('the JavaScript backend did not start');
  return { description: 'JavaScript · 1 thread' };
}
