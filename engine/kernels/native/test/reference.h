// The recurrence in double precision, one number at a time, straight from the equations.
#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace reference {

using Numbers = std::vector<double>;

struct Problem {
  std::string cell;
  int steps, rows, input, hidden, output, directions;
  bool reverse;
  std::vector<int> lengths;
  Numbers x;
  std::vector<Numbers> weights;  // of each direction in turn
  std::vector<Numbers> initial;
};

struct State {
  Numbers sequence;  // [T, B, D·P]
  Numbers final;     // of each direction h [B, P], then c [B, H]
};

inline double sigma(double z) { return 1 / (1 + std::exp(-z)); }

inline State run(const Problem& p) {
  const int H = p.hidden, P = p.output, D = p.directions;
  const int weights = static_cast<int>(p.weights.size()) / D, parts = static_cast<int>(p.initial.size()) / D;
  const int state_size = P + (parts == 2 ? H : 0);
  State state{Numbers(static_cast<size_t>(p.steps) * p.rows * D * P), Numbers(static_cast<size_t>(D) * p.rows * state_size)};
  const bool peepholes = p.cell.find("peepholes") != std::string::npos, coupled = p.cell.find("coupled") != std::string::npos;
  const bool projected = p.cell.find("projected") != std::string::npos;
  for (int d = 0; d < D; d++) {
    const Numbers& wx = p.weights[d * weights];
    const Numbers& wh = p.weights[d * weights + 1];
    const Numbers& bx = p.weights[d * weights + 2];
    const bool two = weights - (peepholes ? 1 : 0) - (projected ? 1 : 0) == 4;
    const Numbers project = projected ? p.weights[d * weights + weights - (peepholes ? 2 : 1)] : Numbers();
    const Numbers bh = two ? p.weights[d * weights + 3] : Numbers(bx.size());
    const Numbers peep = peepholes ? p.weights[d * weights + weights - 1] : Numbers();
    const bool reverse = p.reverse != (d == 1);
    for (int b = 0; b < p.rows; b++) {
      Numbers h(p.initial[d * parts].begin() + b * P, p.initial[d * parts].begin() + (b + 1) * P), c;
      if (parts == 2) c.assign(p.initial[d * parts + 1].begin() + b * H, p.initial[d * parts + 1].begin() + (b + 1) * H);
      for (int s = 0; s < p.lengths[b]; s++) {
        const int t = reverse ? p.lengths[b] - 1 - s : s;
        const double* x = p.x.data() + (static_cast<size_t>(t) * p.rows + b) * p.input;
        const auto from_input = [&](int gate, int j) {
          double sum = bx[gate * H + j];
          for (int k = 0; k < p.input; k++) sum += wx[(gate * H + j) * p.input + k] * x[k];
          return sum;
        };
        const auto from_state = [&](int gate, int j, const Numbers& of) {
          double sum = bh[gate * H + j];
          for (int k = 0; k < P; k++) sum += wh[(gate * H + j) * P + k] * of[k];
          return sum;
        };
        const auto both = [&](int gate, int j) { return from_input(gate, j) + from_state(gate, j, h); };
        Numbers next(H), cell(H), relevant(H);
        if (p.cell == "gru-relevance-before")
          for (int j = 0; j < H; j++) relevant[j] = sigma(both(0, j)) * h[j];
        for (int j = 0; j < H; j++) {
          if (p.cell.rfind("lstm", 0) == 0) {
            const int F = coupled ? 0 : 1;
            const auto seen = [&](int gate, double of) { return peepholes ? peep[gate * H + j] * of : 0.0; };
            const double f = sigma(both(F, j) + seen(F, c[j]));
            const double i = coupled ? 1 - f : sigma(both(0, j) + seen(0, c[j]));
            cell[j] = f * c[j] + i * std::tanh(both(F + 1, j));
            next[j] = sigma(both(F + 2, j) + seen(F + 1, cell[j])) * std::tanh(cell[j]);
          } else if (p.cell == "gru-reset-after") {
            const double z = sigma(both(1, j)), n = std::tanh(from_input(2, j) + sigma(both(0, j)) * from_state(2, j, h));
            next[j] = (1 - z) * n + z * h[j];
          } else if (p.cell == "gru-relevance-before") {
            const double u = sigma(both(1, j)), n = std::tanh(from_input(2, j) + from_state(2, j, relevant));
            next[j] = u * n + (1 - u) * h[j];
          } else if (p.cell == "gru-simplified") {
            const double u = sigma(both(0, j));
            next[j] = u * std::tanh(both(1, j)) + (1 - u) * h[j];
          } else {
            const double z = both(0, j);
            next[j] = p.cell == "rnn-tanh" ? std::tanh(z) : p.cell == "rnn-sigmoid" ? sigma(z) : p.cell == "rnn-relu" ? std::fmax(z, 0) : z;
          }
        }
        if (projected) {
          h.assign(P, 0);
          for (int j = 0; j < P; j++)
            for (int k = 0; k < H; k++) h[j] += project[j * H + k] * next[k];
        } else {
          h = next;
        }
        c = cell;
        for (int j = 0; j < P; j++) state.sequence[(static_cast<size_t>(t) * p.rows + b) * D * P + d * P + j] = h[j];
      }
      double* final = state.final.data() + static_cast<size_t>(d) * p.rows * state_size;
      for (int j = 0; j < P; j++) final[b * P + j] = h[j];
      for (int j = 0; parts == 2 && j < H; j++) final[p.rows * P + b * H + j] = c[j];
    }
  }
  return state;
}

}  // namespace reference
