/** A peer in a Node process of its own: `node.ts unroll tensorflow`. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { activateBackend } from '../../engine/backends/choose.tf.ts';
import { startStockWasm } from '../../engine/backends/wasm.tf.ts';
import type { Request } from '../peer.ts';
import { answerer } from './answer.tf.ts';
import { epochTrainer } from './epoch.tf.ts';
import { tfjsLayers, tfjsLayersVersion } from './tfjs-layers.tf.ts';
import type { JavascriptPeer } from './trainer.ts';
import { unroll } from './unroll.tf.ts';

const [peer, backend] = z.tuple([z.enum(['unroll', 'tfjs_layers']), z.enum(['tensorflow', 'wasm'])]).parse(process.argv.slice(2));

const peers: Readonly<Record<typeof peer, JavascriptPeer>> = {
  unroll: {
    load: (task, tensors) => (task.template === null ? unroll.load(task, tensors) : epochTrainer(task.template)),
  },
  tfjs_layers: tfjsLayers,
};

const peakBytes = (): number => process.resourceUsage().maxRSS * 1024;
const write = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

/** Starts the backend; gives the version to name. tfjs-layers computes with TensorFlow.js' own kernels, not with those that Unroll puts in their place. */
async function start(): Promise<string> {
  if (peer === 'unroll') return (await activateBackend(backend)).description;
  await (backend === 'wasm' ? startStockWasm() : activateBackend(backend));
  return tfjsLayersVersion;
}

const version = await start();
const answer = answerer(peers[peer], { readFile, peakBytes });
write({ version, peakBytes: peakBytes() });
for await (const line of createInterface({ input: process.stdin })) write(await answer(JSON.parse(line) as Request));
process.exit(0);
