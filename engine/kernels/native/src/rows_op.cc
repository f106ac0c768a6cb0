// UnrollAddRows: the gradient of an embedding. Rows with the same id are summed into a table; id 0 is padding and gets nothing.
#include "op.h"
#include "ops.h"
#include "step/functions.h"

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
    add_rows(values, ids, count, static_cast<int>(width), rows_, sums);
  }

 private:
  int rows_;
};

}  // namespace

void register_rows() { register_op<AddRows>({"UnrollAddRows", {"rows: int >= 1"}, {"values: float", "ids: int32"}, {"sums: float"}}); }

}  // namespace unroll
