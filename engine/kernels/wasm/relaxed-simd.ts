/** A module with one function that multiplies and adds four pairs of numbers at once: `f32x4.relaxed_madd`. */
const sample = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic number, version
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // types: () → v128
  ...[3, 2, 1, 0], // functions
  ...[10, 19, 1, 17, 0], // code: one body without locals
  ...[0x41, 0, 0xfd, 17, 0x41, 0, 0xfd, 17, 0x41, 0, 0xfd, 17], // three vectors of zeros
  ...[0xfd, 0x85, 2, 0x0b],
]);

/** Whether this WebAssembly has relaxed SIMD (Node from 22 on): there a product and a sum are one instruction. */
export const relaxedSimd = (): boolean => WebAssembly.validate(sample);
