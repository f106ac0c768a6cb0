// Which rows of a batch run together, and when.
#pragma once

#include <cstdint>
#include <vector>

#include "problem.h"

namespace unroll {

// Rows dealt to chunks, longest first, so that each chunk has about the same work. The same lengths and threads give the same schedule:
// the forward run and its gradient both make it.
class Schedule {
 public:
  Schedule(const int32_t* lengths, int rows, int steps, int directions);
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  long pairs() const { return pairs_; }
  // The same for both directions.
  void fill(Direction& direction) const;

  // Sum of the lengths: rows of the numbers that the forward run keeps.
  static long pairs_of(const int32_t* lengths, int rows);

 private:
  struct Part {
    std::vector<int> rows;
    std::vector<int> lengths;
    std::vector<int> live;
    std::vector<long> offset;
  };
  std::vector<Part> parts_;
  std::vector<Chunk> chunks_;
  long pairs_ = 0;
};

}  // namespace unroll
