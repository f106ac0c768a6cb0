/**
 * A peer in a browser's page, on WebGPU. Bundled by `peer-browser.ts`, which calls `startPeer` and `askPeer`; the engine's own
 * entry registers the gradients.
 */
import { startWebGpu } from '../../engine/worker/webgpu.tf.ts';
import type { Request } from '../peer.ts';
import { answerer } from './answer.tf.ts';
import { tfjsLayers, tfjsLayersVersion } from './tfjs-layers.tf.ts';
import { unroll } from './unroll.tf.ts';

const peers = { unroll, tfjs_layers: tfjsLayers };

const readFile = async (file: string): Promise<Uint8Array> =>
  new Uint8Array(await (await fetch(`/file?${encodeURIComponent(file)}`)).arrayBuffer());

let answer: ((request: Request) => Promise<unknown>) | null = null;

Object.assign(globalThis, {
  async startPeer(name: keyof typeof peers): Promise<unknown> {
    const { available, reason, description } = await startWebGpu();
    if (!available) return { error: reason ?? 'WebGPU did not start' };
    // A page cannot see its process's memory.
    answer = answerer(peers[name], { readFile, peakBytes: () => 0 });
    return { version: name === 'unroll' ? description : tfjsLayersVersion, peakBytes: 0 };
  },
  askPeer: (request: Request): Promise<unknown> => answer?.(request) ?? Promise.reject(new Error('not started')),
});
