/**
 * Registers TensorFlow.js's stock gradients for Node. The core package alone has none registered, and its own
 * `register_all_gradients` cannot be imported by Node (extensionless ES modules), so the union package does it; it shares the
 * one core. In a Web Worker the bundler imports `register_all_gradients` itself (engine/worker).
 */
import { createRequire } from 'node:module';
import { enableProdMode } from '@tensorflow/tfjs-core';

// Not imported: Node would read megabytes of CommonJS for the names of exports first.
const require = createRequire(import.meta.url);
require('@tensorflow/tfjs');

/** Without it the JavaScript backend greets with an advertisement on stderr. */
enableProdMode();
