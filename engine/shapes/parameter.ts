/** How a parameter starts. `fanIn`-based rules follow PyTorch's defaults so that an export can be re-trained alike. */
export type Initializer =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  /** Uniform in [-bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** A random orthogonal matrix; of one that is not square, its rows or its columns, whichever are fewer, are orthonormal. */
  | { readonly kind: 'orthogonal' }
  /** Equal parts along the first axis (gates), each with its own rule. */
  | { readonly kind: 'blocks'; readonly blocks: readonly Initializer[] };

/**
 * One trainable tensor, in PyTorch's own name and orientation (`weight [out, in]`, gates stacked i, f, g, o / r, z, n), so that
 * `model.safetensors` is the state dict with no transposition.
 */
export interface ParameterSpec {
  /** Name inside the node, e.g. `weight_ih_l0`. The full name is `<module>.<name>`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Weight decay applies to matrices, not to biases or norms. */
  readonly decay: boolean;
  readonly trainable: boolean;
  /** Row that is kept at zero and gets no gradient: the padding row of an embedding. */
  readonly zeroRow?: number;
}
