import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type Layout, mostBlockBytes, type Place } from './layout.ts';

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
  op_number(name: number): number;
  run_op(call: number): void;
  blocks_used(): number;
  give_back_beyond(count: number): void;
}

export type Kernel = 'forward' | 'backward' | 'multiply' | 'program_forward' | 'program_backward' | 'run_op';

/** What lies in the kernels' memory after a call, until that is given back. */
export interface Found {
  /** The words of the call, as the kernel left them. */
  readonly words: Int32Array;
  floats(address: number, count: number): Float32Array;
  /** Gives back a block that the kernel has taken for a result. */
  giveBack(block: number): void;
}

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
/** Of them and what a recurrence needs beside them. */
const mostCallBytes = 0.9 * mostBytes;

/** A worker's whole program: an instance on the shared memory, which waits for tasks until the process ends. */
const workerProgram = `
const { parentPort, workerData } = require('node:worker_threads');
const { module, memory, stack } = workerData;
const fail = () => { throw new Error('an op failed in a thread'); };
const { exports } = new WebAssembly.Instance(module, { env: { memory, fail } });
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
  readonly #ops = new Map<string, number>();
  #threads = 1;

  /** @param file `kernels.wasm`, or the one with relaxed SIMD */
  constructor(file: string) {
    this.#module = new WebAssembly.Module(readFileSync(fileURLToPath(new URL(file, import.meta.url))));
    this.#exports = this.#instance();
    this.#exports._initialize();
  }

  #instance(): Exports {
    const fail = (text: number): void => {
      throw new Error(this.#text(text));
    };
    return new WebAssembly.Instance(this.#module, { env: { memory: this.#memory, fail } }).exports as unknown as Exports;
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
    const number = this.#withText(name, (address) => this.#exports.cell_number(address));
    if (number < 0) throw new Error(`the WASM kernels have no cell “${name}”`);
    const cell = { number, saved: this.#exports.saved_numbers(number) };
    this.#cells.set(name, cell);
    return cell;
  }

  /**
   * The number of an op of `native/src`, for `run_op`.
   *
   * @throws Error for a name that `src/op.cc` does not have
   */
  op(name: string): number {
    const known = this.#ops.get(name);
    if (known !== undefined) return known;
    const number = this.#withText(name, (address) => this.#exports.op_number(address));
    if (number < 0) throw new Error(`the WASM kernels have no op “${name}”`);
    this.#ops.set(name, number);
    return number;
  }

  /**
   * Copies the arrays in, runs a kernel, and copies its results out.
   *
   * @param call the words of `Call` in the kernel's source; a place stands for its address, `null` for none
   * @param beside bytes that the kernel needs beside the arrays, if they are many
   * @param finish takes what the kernel has put elsewhere
   * @throws RangeError where that does not fit the memory that WebAssembly can have; Error for a program that is refused, and where an op fails
   */
  run(
    kernel: Kernel,
    layout: Layout,
    call: readonly (number | Place | null)[],
    beside = 0,
    finish: (found: Found) => void = () => undefined,
  ): void {
    const words = layout.room(call.length);
    // A thread that finds no memory left would end in the middle of its work, and the others wait for it.
    if (layout.bytes > mostBlockBytes || layout.bytes + beside > mostCallBytes) {
      throw new RangeError(`out of memory: a batch needs ${Math.round((layout.bytes + beside) / 1e6)} MB in WebAssembly`);
    }
    this.#withBlock(layout.bytes, (base) => {
      const floats = ({ offset, count }: Place) => new Float32Array(this.#memory.buffer, base + offset, count);
      for (const { place, data } of layout.inputs) {
        const given = typeof data === 'function' ? data() : data;
        if (given === null) floats(place).fill(0);
        else if (given instanceof Int32Array) new Int32Array(this.#memory.buffer, base + place.offset, place.count).set(given);
        else floats(place).set(given);
      }
      const addresses = call.map((word) => (word === null ? 0 : typeof word === 'number' ? word : base + word.offset));
      const written = new Int32Array(this.#memory.buffer, base + words.offset, words.count);
      written.set(addresses);
      const refused = this.#call(kernel, base + words.offset);
      if (refused !== undefined && refused !== 0) throw new Error(`the program of the cell was refused: ${this.#text(refused)}`);
      for (const { place, to } of layout.outputs) to().set(floats(place));
      finish({
        words: written,
        floats: (address, count) => new Float32Array(this.#memory.buffer, address, count),
        giveBack: (block) => this.#exports.give_back(block),
      });
    });
  }

  /** Calls a kernel; one that ends with an error leaves its stack and its memory as they were. */
  #call(kernel: Kernel, call: number): number | undefined {
    const { __stack_pointer: stack, blocks_used, give_back_beyond } = this.#exports;
    const [top, blocks] = [stack.value as number, blocks_used()];
    try {
      return this.#exports[kernel](call) ?? undefined;
    } catch (error) {
      stack.value = top;
      give_back_beyond(blocks);
      throw error;
    }
  }

  #withText<T>(text: string, use: (address: number) => T): T {
    const bytes = new TextEncoder().encode(`${text}\0`);
    return this.#withBlock(bytes.length, (address) => {
      new Uint8Array(this.#memory.buffer, address).set(bytes);
      return use(address);
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
