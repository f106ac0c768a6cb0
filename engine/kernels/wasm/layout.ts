/** An array within the block of a call: where it begins, in bytes, and how many numbers of 32 bits it holds. */
export interface Place {
  readonly offset: number;
  readonly count: number;
}

interface Input {
  readonly place: Place;
  /** Read when the call begins; `null`: zeros. */
  readonly data: (() => Float32Array | Int32Array) | Int32Array | null;
}

interface Output {
  readonly place: Place;
  readonly to: () => Float32Array;
}

/** Of a call's arrays: products need as much again for their operands in another order. */
export const mostBlockBytes = 2 ** 30;

/** Cache line, and more than any vector needs. */
const alignment = 64;

/** Where the arrays of one call of a kernel lie in its block, and what is copied in and out. */
export class Layout {
  readonly inputs: Input[] = [];
  readonly outputs: Output[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** An array that the kernel fills, or that nobody reads. */
  room(count: number): Place {
    const place = { offset: this.#bytes, count };
    this.#bytes += Math.ceil((4 * count) / alignment) * alignment;
    return place;
  }

  input(count: number, data: Input['data']): Place {
    const place = this.room(count);
    this.inputs.push({ place, data });
    return place;
  }

  output(count: number, to: Output['to']): Place {
    const place = this.room(count);
    this.outputs.push({ place, to });
    return place;
  }
}
