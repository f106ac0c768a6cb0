import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Layout, Place } from './layout.ts';

/** What `src/host.cc` and `src/threads.cc` export. Addresses and sizes are in bytes. */
interface Exports {
  /** Where this instance's stack ends; it grows downwards. */
  readonly __stack_pointer: WebAssembly.Global;
  _initialize(): void;
  take(bytes: number): number;
  address(block: number): number;
  give_back(block: number): void;
  cell_number(name: number): number;
  saved_numbers(cell: number): number;
  use_threads(count: number): void;
  tasks_of_workers(): number;
  forward(call: number): void;
  backward(call: number): void;
  multiply(call: number): void;
  /** The address of a text that says why the program was refused, or 0. */
  program_forward(call: number): number;
  program_backward(call: number): number;
}

export type Kernel = 'forward' | 'backward' | 'multiply' | 'program_forward' | 'program_backward';

/** A cell as the kernels know it. */
export interface KernelCell {
  readonly number: number;
  /** Numbers kept for each element of the state and step, for the gradient. */
  readonly saved: number;
}

const page = 2 ** 16;
const stackBytes = 2 ** 18;
/** The kernels' sizes are 32-bit and signed. */
const mostBytes = 2 ** 31;
/** Of a call's arrays: products need as much again for their operands in another order. */
const mostBlockBytes = 2 ** 30;
/** Of them and what a recurrence needs beside them. */
const mostCallBytes = 0.9 * mostBytes;

/** A worker's whole program: an instance on the shared memory, which waits for tasks until the process ends. */
const workerProgram = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, stack } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
exports.__stack_pointer.value = stack;
parentPort.postMessage('ready');
exports.work();
`;

/** The kernels of `../native/src` compiled to WebAssembly, on memory of their own that all threads share. */
export class WasmKernels {
  readonly #module: WebAssembly.Module;
  readonly #memory = new WebAssembly.Memory({ initial: 64, maximum: mostBytes / page, shared: true });
  readonly #exports: Exports;
  readonly #cells = new Map<string, KernelCell>();
  #threads = 1;

  /** @param file `kernels.wasm`, or the one with relaxed SIMD */
  constructor(file: string) {
    this.#module = new WebAssembly.Module(readFileSync(fileURLToPath(new URL(file, import.meta.url))));
    this.#exports = this.#instance();
    this.#exports._initialize();
  }

  #instance(): Exports {
    return new WebAssembly.Instance(this.#module, { env: { memory: this.#memory } }).exports as unknown as Exports;
  }

  /** The caller's included. */
  get threads(): number {
    return this.#threads;
  }

  /** How many pieces of work other threads than the caller's have done. */
  get tasksOfWorkers(): number {
    return this.#exports.tasks_of_workers();
  }

  /**
   * Starts a worker for each thread beyond this one; where one does not start, there is one thread less. Not to be called between a
   * forward run and its gradient: both must deal the rows to the same number of threads.
   */
  async startThreads(count: number): Promise<void> {
    const started = await Promise.all(Array.from({ length: count - this.#threads }, () => this.#startWorker()));
    this.#threads += started.filter(Boolean).length;
    this.#exports.use_threads(this.#threads);
  }

  #startWorker(): Promise<boolean> {
    const stack = this.#exports.address(this.#exports.take(stackBytes)) + stackBytes;
    const worker = new Worker(workerProgram, { eval: true, workerData: { module: this.#module, memory: this.#memory, stack } });
    worker.unref();
    return new Promise((resolve) => {
      worker.once('message', () => resolve(true));
      worker.once('error', () => resolve(false));
      worker.once('exit', () => resolve(false));
    });
  }

  /** @throws Error for a name that `cells.cc` does not have */
  cell(name: string): KernelCell {
    const known = this.#cells.get(name);
    if (known !== undefined) return known;
    const text = new TextEncoder().encode(`${name}\0`);
    const number = this.#withBlock(text.length, (address) => {
      new Uint8Array(this.#memory.buffer, address).set(text);
      return this.#exports.cell_number(address);
    });
    if (number < 0) throw new Error(`the WASM kernels have no cell “${name}”`);
    const cell = { number, saved: this.#exports.saved_numbers(number) };
    this.#cells.set(name, cell);
    return cell;
  }

  /**
   * Copies the arrays in, runs a kernel, and copies its results out.
   *
   * @param call the words of `Call` in the kernel's source; a place stands for its address, `null` for none
   * @param beside bytes that the kernel needs beside the arrays, if they are many
   * @throws RangeError where that does not fit the memory that WebAssembly can have; Error for a program that is refused
   */
  run(kernel: Kernel, layout: Layout, call: readonly (number | Place | null)[], beside = 0): void {
    const words = layout.room(call.length);
    // A thread that finds no memory left would end in the middle of its work, and the others wait for it.
    if (layout.bytes > mostBlockBytes || layout.bytes + beside > mostCallBytes) {
      throw new RangeError(`out of memory: a batch needs ${Math.round((layout.bytes + beside) / 1e6)} MB in WebAssembly`);
    }
    this.#withBlock(layout.bytes, (base) => {
      const floats = ({ offset, count }: Place) => new Float32Array(this.#memory.buffer, base + offset, count);
      for (const { place, data } of layout.inputs) {
        if (data === null) floats(place).fill(0);
        else if (data instanceof Int32Array) new Int32Array(this.#memory.buffer, base + place.offset, place.count).set(data);
        else floats(place).set(data());
      }
      const addresses = call.map((word) => (word === null ? 0 : typeof word === 'number' ? word : base + word.offset));
      new Int32Array(this.#memory.buffer, base + words.offset, words.count).set(addresses);
      const refused = this.#exports[kernel](base + words.offset);
      if (refused !== undefined && refused !== 0) throw new Error(`the program of the cell was refused: ${this.#text(refused)}`);
      for (const { place, to } of layout.outputs) to().set(floats(place));
    });
  }

  /** The text at an address, up to its zero. */
  #text(address: number): string {
    const bytes = new Uint8Array(this.#memory.buffer, address);
    return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
  }

  /** A block's address, in bytes, for as long as `use` runs. What lies in it is whatever was there before. */
  #withBlock<T>(bytes: number, use: (address: number) => T): T {
    const block = this.#exports.take(bytes);
    try {
      return use(this.#exports.address(block));
    } finally {
      this.#exports.give_back(block);
    }
  }
}
