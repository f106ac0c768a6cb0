// UnrollRoundedProduct: a product of two matrices whose numbers are rounded to bfloat16, with sums of float32.
#include "op.h"
#include "ops.h"
#include "problem.h"

namespace unroll {
namespace {

class RoundedProduct {
 public:
  explicit RoundedProduct(OpAttributes& attributes) : turn_a_(attributes.boolean("transpose_a")), turn_b_(attributes.boolean("transpose_b")) {}

  // a [M, K] or [K, M], b [K, N] or [N, K] -> [M, N]
  void run(OpContext& context) const {
    const std::vector<int64_t> a = context.shape(0), b = context.shape(1);
    if (a.size() != 2 || b.size() != 2) fail("a product takes two matrices, but the shapes are " + shape_text(a) + " and " + shape_text(b));
    const int64_t m = a[turn_a_ ? 1 : 0], k = a[turn_a_ ? 0 : 1], n = b[turn_b_ ? 0 : 1];
    if (b[turn_b_ ? 1 : 0] != k) fail("a product takes matrices that fit, but the shapes are " + shape_text(a) + " and " + shape_text(b));
    constexpr int64_t kMost = 1 << 24;
    if (m < 1 || k < 1 || n < 1 || m > kMost || k > kMost || n > kMost) fail("a dimension is not 1 ... 2^24: the shapes are " + shape_text(a) + " and " + shape_text(b));
    implementation_for(true).multiply({static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), turn_a_, turn_b_, context.floats(0, a, "a"),
                                       context.floats(1, b, "b"), context.output(0, {m, n})});
  }

 private:
  bool turn_a_;
  bool turn_b_;
};

}  // namespace

void register_product() {
  register_op<RoundedProduct>({"UnrollRoundedProduct", {"transpose_a: bool", "transpose_b: bool"}, {"a: float", "b: float"}, {"product: float"}});
}

}  // namespace unroll
