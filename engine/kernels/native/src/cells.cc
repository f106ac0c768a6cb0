#include "problem.h"

namespace unroll {

const CellShape& shape_of(Cell cell) {
  static constexpr CellShape shapes[kCells] = {
      {"lstm", 4, 2, 0, 2, 4},
      {"lstm-peepholes", 4, 2, 3, 2, 4},
      {"lstm-coupled", 3, 2, 0, 2, 3},
      {"lstm-coupled-peepholes", 3, 2, 2, 2, 3},
      {"gru-reset-after", 3, 2, 0, 1, 4},
      {"gru-relevance-before", 3, 1, 0, 1, 3},
      {"gru-simplified", 2, 1, 0, 1, 2},
      {"rnn-tanh", 1, 2, 0, 1, 0},
      {"rnn-sigmoid", 1, 2, 0, 1, 0},
      {"rnn-relu", 1, 2, 0, 1, 0},
      {"rnn-identity", 1, 2, 0, 1, 0},
      {"lstm-projected", 4, 2, 0, 2, 4, true},
      {"lstm-peepholes-projected", 4, 2, 3, 2, 4, true},
      {"lstm-coupled-projected", 3, 2, 0, 2, 3, true},
      {"lstm-coupled-peepholes-projected", 3, 2, 2, 2, 3, true},
  };
  return shapes[static_cast<int>(cell)];
}

}  // namespace unroll
