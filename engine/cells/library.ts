/** A published cell as equations, to start from. */
export interface LibraryCell {
  readonly title: string;
  readonly paper: string;
  readonly equations: string;
}

const minimalGatedUnit: LibraryCell = {
  title: 'Minimal gated unit',
  paper: 'Zhou, Wu, Zhang, Zhou 2016, Minimal Gated Unit for Recurrent Neural Networks',
  equations: `
f = sigmoid(W_f x + U_f h + b_f)
n = tanh(W_n x + U_n (f * h) + b_n)
h' = (1 - f) * h + f * n`,
};

/** The only list of them: contract, parity with PyTorch and the window iterate it. */
export const cellLibrary: readonly LibraryCell[] = [
  minimalGatedUnit,
  {
    title: 'Update gate RNN',
    paper: 'Collins, Sohl-Dickstein, Sussillo 2017, Capacity and Trainability in Recurrent Neural Networks',
    equations: `
c = tanh(W_c x + U_c h + b_c)
g = sigmoid(W_g x + U_g h + b_g)
h' = g * h + (1 - g) * c
start b_g = 1`,
  },
  {
    title: 'IndRNN',
    paper: 'Li, Li, Cook, Zhu, Gao 2018, Independently Recurrent Neural Network',
    equations: `
h' = relu(W x + p_u * h + b_h)  # each unit sees only itself`,
  },
  {
    title: 'SRU',
    paper: 'Lei, Zhang, Wang, Dai, Artzi 2018, Simple Recurrent Units for Highly Parallelizable Recurrence',
    equations: `
f = sigmoid(W_f x + p_f * c + b_f)
r = sigmoid(W_r x + p_r * c + b_r)
c' = f * c + (1 - f) * W x
out = r * c' + (1 - r) * W_s x  # the paper adds x itself where it is as wide`,
  },
  {
    title: 'JANET',
    paper: 'Van der Westhuizen, Lasenby 2018, The unreasonable effectiveness of the forget gate',
    equations: `
s = W_f x + U_f h + b_f
n = tanh(W_n x + U_n h + b_n)
h' = sigmoid(s) * h + (1 - sigmoid(s - 1)) * n
start b_f = 1`,
  },
  {
    title: 'Recurrent additive network',
    paper: 'Lee, Levy, Zettlemoyer 2017, Recurrent Additive Networks',
    equations: `
i = sigmoid(W_i x + U_i h + b_i)
f = sigmoid(W_f x + U_f h + b_f)
c' = i * W_c x + f * c
h' = tanh(c')`,
  },
  {
    title: 'FastGRNN',
    paper:
      'Kusupati, Singh, Bhatia, Kumar, Jain, Varma 2018, FastGRNN: A Fast, Accurate, Stable and Tiny Kilobyte Sized Gated RNN',
    equations: `
z = sigmoid(W x + U h + b_z)
n = tanh(W x + U h + b_n)  # the same matrices
h' = (sigmoid(k_zeta) * (1 - z) + sigmoid(k_nu)) * n + z * h
start k_zeta = 1
start k_nu = -4`,
  },
  {
    title: 'Coupled LSTM with layer norm',
    paper:
      'Greff, Srivastava, Koutník, Steunebrink, Schmidhuber 2017, LSTM: A Search Space Odyssey; Ba, Kiros, Hinton 2016, Layer Normalization',
    equations: `
f = sigmoid(layernorm(W_f x + U_f h) + b_f)
n = tanh(layernorm(W_n x + U_n h) + b_n)
o = sigmoid(layernorm(W_o x + U_o h) + b_o)
c' = f * c + (1 - f) * n
h' = o * tanh(p_c * layernorm(c') + b_c)
start b_f = 1
start p_c = 1
start b_c = 0`,
  },
  {
    title: 'Strongly-typed RNN',
    paper: 'Balduzzi, Ghifary 2016, Strongly-Typed Recurrent Neural Networks',
    equations: `
z = W x
f = sigmoid(V x + b_f)
h' = f * h + (1 - f) * z`,
  },
  {
    title: 'MinimalRNN',
    paper: 'Chen 2017, MinimalRNN: Toward More Interpretable and Trainable Recurrent Neural Networks',
    equations: `
z = tanh(W_z x + b_z)
u = sigmoid(U_h h + U_z z + b_u)
h' = u * h + (1 - u) * z`,
  },
  {
    title: 'Chaos-free network',
    paper: 'Laurent, von Brecht 2017, A recurrent neural network without chaos',
    equations: `
f = sigmoid(W_f x + U_f h + b_f)
i = sigmoid(W_i x + U_i h + b_i)
h' = f * tanh(h) + i * tanh(W x)
start b_f = 1
start b_i = -1`,
  },
  {
    title: 'MUT1',
    paper: 'Jozefowicz, Zaremba, Sutskever 2015, An Empirical Exploration of Recurrent Network Architectures',
    equations: `
z = sigmoid(W_z x + b_z)
r = sigmoid(W_r x + U_r h + b_r)
n = tanh(U_n (r * h) + tanh(W_n x) + b_n)
h' = z * n + (1 - z) * h`,
  },
  {
    title: 'Structurally constrained RNN',
    paper: 'Mikolov, Joulin, Chopra, Mathieu, Ranzato 2015, Learning Longer Memory in Recurrent Neural Networks',
    equations: `
s' = 0.05 * B x + 0.95 * s  # changes slowly
h' = sigmoid(P s' + A x + R h)
out = U h' + V s'`,
  },
  {
    title: 'minGRU',
    paper: 'Feng, Tung, Ahmed, Bengio, Hajimirsadeghi 2024, Were RNNs All We Needed?',
    equations: `
z = sigmoid(W_z x + b_z)
n = W_n x + b_n
h' = (1 - z) * h + z * n`,
  },
].map((cell) => ({ ...cell, equations: `# ${cell.title} (${cell.paper})${cell.equations}` }));

/** What a new custom cell starts as. */
export const firstCell = `# ${minimalGatedUnit.title} (${minimalGatedUnit.paper})${minimalGatedUnit.equations}`;
