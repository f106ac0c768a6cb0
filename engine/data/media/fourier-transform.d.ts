/** Complex transforms in place, of a power of two of points; the inverse one divides by their number. The package has no types. */
declare module 'fourier-transform' {
  export function cfft(real: Float64Array, imaginary: Float64Array): void;
  export function cifft(real: Float64Array, imaginary: Float64Array): void;
}
