// UnrollAddRows: the gradient of an embedding. Rows with the same id are summed into a table; id 0 is padding and gets nothing.
#include <algorithm>
#include <cstring>

#include "op.h"
#include "ops.h"
#include "threads.h"

namespace unroll {
namespace {

class AddRows {
 public:
  explicit AddRows(OpAttributes& attributes) : rows_(attributes.integer("rows")) {}

  // values [..., D], ids [...] -> [rows, D]
  void run(OpContext& context) const {
    const std::vector<int64_t> shape = context.shape(0);
    if (shape.size() < 2) fail("values must be [..., D], but has the shape " + shape_text(shape));
    const long width = shape.back();
    const std::vector<int64_t> rows(shape.begin(), shape.end() - 1);
    long count = 1;
    for (int64_t dimension : rows) count *= dimension;
    const float* values = context.floats(0, shape, "values");
    const int32_t* ids = context.ints(1, rows, "ids");
    for (long i = 0; i < count; i++) {
      if (ids[i] < 0 || ids[i] >= rows_) fail("id " + std::to_string(ids[i]) + " is outside of the table's " + std::to_string(rows_) + " rows");
    }
    float* sums = context.output(0, {rows_, width});
    // Each thread owns a stretch of the table and takes what belongs there, in order: the same sums whatever the threads.
    const int tasks = std::max(1, std::min(thread_count(), rows_));
    parallel(tasks, [&](int task) {
      const int first = static_cast<int>(static_cast<int64_t>(rows_) * task / tasks);
      const int last = static_cast<int>(static_cast<int64_t>(rows_) * (task + 1) / tasks);
      std::memset(sums + first * width, 0, static_cast<size_t>((last - first) * width) * sizeof(float));
      for (long i = 0; i < count; i++) {
        const int id = ids[i];
        if (id == 0 || id < first || id >= last) continue;
        const float* __restrict__ from = values + i * width;
        float* __restrict__ to = sums + id * width;
        for (long column = 0; column < width; column++) to[column] += from[column];
      }
    });
  }

 private:
  int rows_;
};

}  // namespace

void register_rows() { register_op<AddRows>({"UnrollAddRows", {"rows: int >= 1"}, {"values: float", "ids: int32"}, {"sums: float"}}); }

}  // namespace unroll
