/**
 * Registers TensorFlow.js's stock gradients for Node. The core package alone has none registered, and its own
 * `register_all_gradients` cannot be imported by Node (extensionless ES modules), so from sources the union package does it; it shares
 * the one core. Bundles have `register_all_gradients` itself in the place of `stock-gradients.ts` (scripts/build.mjs), which loads in a
 * third of the time; in a Web Worker the bundler imports it too (engine/worker).
 */
import { enableProdMode } from '@tensorflow/tfjs-core';
import './stock-gradients.ts';

/** Without it the JavaScript backend greets with an advertisement on stderr. */
enableProdMode();
