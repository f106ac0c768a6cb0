#include "reference.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "half.h"

namespace reference {
namespace {

using Row = std::vector<double>;

// TF32 keeps 10 bits of a float's 23, rounded to nearest.
double to_tf32(double value) {
  float number = static_cast<float>(value);
  uint32_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  bits = (bits + 0x1000u) & ~0x1fffu;
  std::memcpy(&number, &bits, sizeof bits);
  return number;
}

// A number as it goes into a product.
double rounded(const Layer& layer, double value) {
  if (layer.rounding == Rounding::none) return value;
  return layer.rounding == Rounding::tf32 ? to_tf32(value) : half::nearest(value);
}

// A number as it is kept until it is needed again.
double kept(const Layer& layer, double value) { return layer.rounding == Rounding::float16 ? half::nearest(value) : value; }

double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

// sums += matrix [n, m] · vector [m]
void add_product(const Layer& layer, const float* matrix, int64_t n, int64_t m, const double* vector, double* sums) {
  for (int64_t j = 0; j < n; j++)
    for (int64_t i = 0; i < m; i++) sums[j] += rounded(layer, matrix[j * m + i]) * rounded(layer, vector[i]);
}

// sums [m] += matrixᵀ · vector [n];  d_matrix += vector ⊗ other
void add_gradients(const Layer& layer, const float* matrix, int64_t n, int64_t m, const double* vector, const double* other, double* sums,
                   double* d_matrix) {
  for (int64_t j = 0; j < n; j++)
    for (int64_t i = 0; i < m; i++) {
      sums[i] += rounded(layer, matrix[j * m + i]) * rounded(layer, vector[j]);
      d_matrix[j * m + i] += rounded(layer, vector[j]) * rounded(layer, other[i]);
    }
}

Row row_of(const float* values, int64_t count) { return Row(values, values + count); }

void keep(const Layer& layer, Row& row) {
  for (double& value : row) value = kept(layer, value);
}

// Where the s-th step of a row is: the second direction begins at the row's last real step.
int64_t place(int direction, int64_t s, int64_t length) { return direction == 0 ? s : length - 1 - s; }

int64_t note_at(const Layer& layer, int direction, int64_t row, int64_t s) {
  return ((direction * layer.rows + row) * layer.steps + s) * layer.notes();
}

}  // namespace

void forward(const Layer& layer, const Inputs& in, const Outputs& out) {
  const int64_t H = layer.hidden, I = layer.inputs;
  const int G = layer.gates();
  std::fill(out.sequence, out.sequence + layer.steps * layer.rows * layer.directions * H, 0.0f);
  for (int d = 0; d < layer.directions; d++)
    for (int64_t b = 0; b < layer.rows; b++) {
      const int64_t at = (d * layer.rows + b) * H;
      Row h = row_of(in.h + at, H), c = in.c == nullptr ? Row(H) : row_of(in.c + at, H);
      for (int64_t s = 0; s < in.lengths[b]; s++) {
        const int64_t t = place(d, s, in.lengths[b]);
        const Row x = row_of(in.x + (t * layer.rows + b) * I, I);
        std::vector<Row> from_x(G, Row(H)), from_h(G, Row(H));
        for (int g = 0; g < G; g++) {
          from_x[g] = row_of(in.parameters + layer.bias_at(d, 0, g), H);
          from_h[g] = row_of(in.parameters + layer.bias_at(d, 1, g), H);
          add_product(layer, in.parameters + layer.matrix_at(d, 0, g), H, I, x.data(), from_x[g].data());
          add_product(layer, in.parameters + layer.matrix_at(d, 1, g), H, H, h.data(), from_h[g].data());
          keep(layer, from_x[g]);
          keep(layer, from_h[g]);
        }
        float* notes = out.reserve == nullptr ? nullptr : out.reserve + note_at(layer, d, b, s);
        for (int64_t j = 0; j < H; j++) {
          double gate[4] = {0, 0, 0, 0}, extra = 0;
          if (layer.mode == "lstm") {
            for (int g = 0; g < 4; g++) {
              const double z = from_x[g][j] + from_h[g][j];
              gate[g] = g == 2 ? std::tanh(z) : sigmoid(z);
            }
            c[j] = kept(layer, gate[1] * c[j] + gate[0] * gate[2]);
            h[j] = gate[3] * std::tanh(c[j]);
            extra = c[j];
          } else if (layer.mode == "gru") {
            gate[0] = sigmoid(from_x[0][j] + from_h[0][j]);
            gate[1] = sigmoid(from_x[1][j] + from_h[1][j]);
            extra = from_h[2][j];
            gate[2] = std::tanh(from_x[2][j] + gate[0] * extra);
            h[j] = (1 - gate[1]) * gate[2] + gate[1] * h[j];
          } else {
            const double z = from_x[0][j] + from_h[0][j];
            gate[0] = h[j] = layer.mode == "rnn_relu" ? std::max(z, 0.0) : std::tanh(z);
          }
          h[j] = kept(layer, h[j]);
          out.sequence[(t * layer.rows + b) * layer.directions * H + d * H + j] = static_cast<float>(h[j]);
          if (notes == nullptr) continue;
          for (int g = 0; g < G; g++) notes[g * H + j] = static_cast<float>(gate[g]);
          notes[G * H + j] = static_cast<float>(extra);
        }
      }
      for (int64_t j = 0; j < H; j++) {
        out.h[at + j] = static_cast<float>(h[j]);
        if (in.c != nullptr) out.c[at + j] = static_cast<float>(c[j]);
      }
    }
}

void backward(const Layer& layer, const Inputs& in, const float* reserve, const float* sequence, const Upstream& up, const Gradients& d) {
  const int64_t H = layer.hidden, I = layer.inputs;
  const int G = layer.gates();
  Row dx(layer.steps * layer.rows * I), dp(layer.parameters());
  for (int dir = 0; dir < layer.directions; dir++)
    for (int64_t b = 0; b < layer.rows; b++) {
      const int64_t at = (dir * layer.rows + b) * H;
      Row dh = row_of(up.h + at, H), dc = in.c == nullptr ? Row(H) : row_of(up.c + at, H);
      for (int64_t s = in.lengths[b] - 1; s >= 0; s--) {
        const int64_t t = place(dir, s, in.lengths[b]);
        const auto cell = [&](int64_t step) { return (step * layer.rows + b) * layer.directions * H + dir * H; };
        const Row x = row_of(in.x + (t * layer.rows + b) * I, I);
        const Row before = s == 0 ? row_of(in.h + at, H) : row_of(sequence + cell(place(dir, s - 1, in.lengths[b])), H);
        const float* notes = reserve + note_at(layer, dir, b, s);
        const float* earlier = s == 0 ? nullptr : reserve + note_at(layer, dir, b, s - 1);
        std::vector<Row> to_x(G, Row(H)), to_h(G, Row(H));
        Row carried(H);
        for (int64_t j = 0; j < H; j++) {
          const double out = dh[j] + up.sequence[cell(t) + j];
          const auto gate = [&](int g) { return static_cast<double>(notes[g * H + j]); };
          const double extra = notes[G * H + j];
          const auto open = [&](int g, double slope) { to_x[g][j] = to_h[g][j] = slope * gate(g) * (1 - gate(g)); };
          if (layer.mode == "lstm") {
            const double c_before = s == 0 ? in.c[at + j] : earlier[G * H + j], t_c = std::tanh(extra);
            const double dcell = dc[j] + out * gate(3) * (1 - t_c * t_c);
            open(0, dcell * gate(2));
            open(1, dcell * c_before);
            to_x[2][j] = to_h[2][j] = dcell * gate(0) * (1 - gate(2) * gate(2));
            open(3, out * t_c);
            dc[j] = kept(layer, dcell * gate(1));
          } else if (layer.mode == "gru") {
            const double dn = out * (1 - gate(1)) * (1 - gate(2) * gate(2));
            open(0, dn * extra);
            open(1, out * (before[j] - gate(2)));
            to_x[2][j] = dn;
            to_h[2][j] = dn * gate(0);
            carried[j] = out * gate(1);
          } else {
            const double slope = layer.mode == "rnn_relu" ? (gate(0) > 0 ? 1 : 0) : 1 - gate(0) * gate(0);
            to_x[0][j] = to_h[0][j] = out * slope;
          }
        }
        dh = carried;
        for (int g = 0; g < G; g++) {
          keep(layer, to_x[g]);
          keep(layer, to_h[g]);
          const int64_t from_x = layer.matrix_at(dir, 0, g), from_h = layer.matrix_at(dir, 1, g);
          add_gradients(layer, in.parameters + from_x, H, I, to_x[g].data(), x.data(), &dx[(t * layer.rows + b) * I], &dp[from_x]);
          add_gradients(layer, in.parameters + from_h, H, H, to_h[g].data(), before.data(), dh.data(), &dp[from_h]);
          for (int64_t j = 0; j < H; j++) {
            dp[layer.bias_at(dir, 0, g) + j] += to_x[g][j];
            dp[layer.bias_at(dir, 1, g) + j] += to_h[g][j];
          }
        }
        keep(layer, dh);
      }
      for (int64_t j = 0; j < H; j++) {
        d.h[at + j] = static_cast<float>(dh[j]);
        if (in.c != nullptr) d.c[at + j] = static_cast<float>(dc[j]);
      }
    }
  for (int64_t t = 0; t < layer.steps; t++)
    for (int64_t b = 0; b < layer.rows; b++)
      for (int64_t i = 0; i < I; i++) {
        const int64_t at = (t * layer.rows + b) * I + i;
        // cuDNN promises nothing about padding here: the caller must not rely on it.
        d.x[at] = t < in.lengths[b] ? static_cast<float>(dx[at]) : std::numeric_limits<float>::quiet_NaN();
      }
  std::copy(dp.begin(), dp.end(), d.parameters);
}

}  // namespace reference
