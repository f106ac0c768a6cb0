#include "schedule.h"

#include <algorithm>
#include <numeric>

#include "threads.h"

namespace unroll {

// Fewer rows than this do not pay for a thread of their own: each thread reads all the weights.
constexpr int kLeastRows = 4;

Schedule::Schedule(const int32_t* lengths, int rows, int steps, int directions) {
  const int for_each_direction = std::max(1, (thread_count() + directions - 1) / directions);
  const int count = std::clamp(rows / kLeastRows, 1, for_each_direction);
  std::vector<int> order(static_cast<size_t>(rows));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return lengths[a] > lengths[b]; });
  parts_.resize(static_cast<size_t>(count));
  for (int index = 0; index < rows; index++) {
    Part& part = parts_[static_cast<size_t>(index % count)];
    const int row = order[static_cast<size_t>(index)];
    part.rows.push_back(row);
    part.lengths.push_back(lengths[row]);
  }
  for (Part& part : parts_) {
    const int longest = std::min(steps, part.lengths.empty() ? 0 : part.lengths.front());
    size_t live = part.lengths.size();
    for (int s = 0; s < longest; s++) {
      while (live > 0 && part.lengths[live - 1] <= s) live--;
      part.live.push_back(static_cast<int>(live));
      part.offset.push_back(pairs_);
      pairs_ += static_cast<long>(live);
    }
    chunks_.push_back({static_cast<int>(part.rows.size()), part.rows.data(), part.lengths.data(), longest, part.live.data(), part.offset.data()});
  }
}

void Schedule::fill(Direction& direction) const {
  direction.chunks = static_cast<int>(chunks_.size());
  direction.chunk = chunks_.data();
  direction.pairs = pairs_;
}

long Schedule::pairs_of(const int32_t* lengths, int rows) { return std::accumulate(lengths, lengths + rows, 0l); }

}  // namespace unroll
