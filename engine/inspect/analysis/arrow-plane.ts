import type { Block } from '../../cells/step/evaluate.ts';
import type { Dominant } from './spectrum.ts';
import { anyDirection, dot, largestOf, orthonormalize, timesVector } from './vectors.ts';

/**
 * The lecture's picture of how signals fade (row L21), `h ← W h / ‖W h‖`, in the plane that products drive `h` to: that of the dominant
 * eigenvector and a direction at right angles to it, or of a dominant complex pair. A start is `a e₁ + b e₂ + c e₃` with e₃ at right angles to
 * the plane, so where every start goes follows from where these three go: nothing is multiplied again while somebody drags it.
 */
export interface ArrowPlane {
  /** 2 where nothing is at right angles to the plane, else 3. */
  readonly directions: number;
  /** Of n = 0, 1, … products; ends early where they are nothing. */
  readonly products: readonly ArrowProduct[];
}

/** Of the images `Wⁿ eᵢ`, all divided by the same number. */
export interface ArrowProduct {
  /** `⟨e₁, Wⁿ eᵢ⟩` and `⟨e₂, Wⁿ eᵢ⟩` */
  readonly across: readonly number[];
  readonly up: readonly number[];
  /** `⟨Wⁿ eᵢ, Wⁿ eⱼ⟩`, row by row: gives the length of the image of any start. */
  readonly gram: readonly number[];
  /** Natural logarithm of what they were divided by. */
  readonly scale: number;
}

/** @param products how many */
export function arrowPlane(matrix: Block, dominant: Dominant, products: number): ArrowPlane {
  const basis: Float64Array[] = dominant.directions.map((direction) => Float64Array.from(direction));
  for (let seed = 0; basis.length < Math.min(3, matrix.rows) && seed < 8; seed++) {
    const direction = anyDirection(matrix.rows + seed).subarray(seed);
    if (orthonormalize(direction, basis) > 0) basis.push(direction);
  }
  const [across, up] = [basis[0], basis[1]];
  const found: ArrowProduct[] = [];
  let images: readonly Float64Array[] = basis;
  let scale = 0;
  for (let n = 0; n <= products; n++) {
    if (n > 0) images = images.map((image) => timesVector(matrix, image));
    const most = Math.max(...images.map(largestOf));
    if (!(most > 0) || !Number.isFinite(most)) break;
    images = images.map((image) => image.map((value) => value / most));
    scale += Math.log(most);
    found.push({
      across: images.map((image) => (across ? dot(across, image) : 0)),
      up: images.map((image) => (up ? dot(up, image) : 0)),
      gram: images.flatMap((image) => images.map((other) => dot(image, other))),
      scale,
    });
  }
  return { directions: basis.length, products: found };
}
