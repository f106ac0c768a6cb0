// The rows of a chunk on their way forwards: where each one's numbers lie at each step.
#pragma once

#include "step.h"

namespace unroll::UNROLL_ISA {

// Where step `s` of a chunk's row lies in the batch: the position of `[t, b]`.
UNROLL_INLINE long position(const Direction& direction, const Sizes& sizes, const Chunk& chunk, int row, int s) {
  const int t = direction.reverse ? chunk.lengths[row] - 1 - s : s;
  return static_cast<long>(t) * sizes.rows + chunk.rows[row];
}

template <class Cell>
class ForwardRows {
 public:
  // `own` holds what one thread needs, `state` what all threads on the same rows share.
  ForwardRows(const ForwardTask& task, int d, const Chunk& chunk, Memory own, Memory state)
      : task_(task), d_(d), chunk_(chunk), left_x_(own, chunk.count, task.sizes.input), left_h_(own, chunk.count, task.sizes.output), left_inner_(own, kInner > 0 ? chunk.count : 0, task.sizes.hidden) {
    const int rows = chunk.count;
    const long wide = padded(task.sizes.hidden);
    x_ = own.take<const float*>(rows);
    previous_ = own.take<const float*>(rows);
    initial_c_ = own.take<const float*>(rows);
    h_ = own.take<float*>(rows);
    inner_ = own.take<float*>(rows);
    sums_ = own.take<float>(4l * rows * kLanes);
    cells_ = state.take<float>(Cell::kCell ? rows * wide : 0);
    inner_states_ = state.take<float>(kInner * rows * wide);
    for (int row = 0; row < rows; row++) {
      if (Cell::kCell) initial_c_[row] = direction().initial[1] + state_at(row, 1);
      if (kInner > 0) inner_[row] = inner_states_ + row * wide;
    }
  }

  static long own_bytes(const ForwardTask& task, const Chunk& chunk) {
    const Sizes& sizes = task.sizes;
    return 5 * Memory::bytes<float*>(chunk.count) + Memory::bytes<float>(4l * chunk.count * kLanes) + LeftRows::bytes(chunk.count, sizes.input) +
           LeftRows::bytes(chunk.count, sizes.output) + LeftRows::bytes(kInner > 0 ? chunk.count : 0, sizes.hidden);
  }
  static long state_bytes(const ForwardTask& task, const Chunk& chunk) {
    const long state = chunk.count * padded(task.sizes.hidden);
    return Memory::bytes<float>(Cell::kCell ? state : 0) + Memory::bytes<float>(kInner * state);
  }

  // What every step has in common.
  ForwardStep first() const {
    const long wide = padded(task_.sizes.hidden);
    ForwardStep step{};
    step.cell = task_.cell;
    step.input = task_.sizes.input;
    step.hidden = task_.sizes.hidden;
    step.output = task_.sizes.output;
    step.previous = previous_;
    step.second = &left_inner_;
    step.h = Cell::kProjected ? inner_ : h_;
    step.projected = h_;
    step.peepholes = direction().peepholes;
    step.sums = sums_;
    step.inner = inner_;
    step.update = Cell::kRelevance ? inner_states_ + chunk_.count * wide : nullptr;
    step.from_input = Cell::kRelevance ? inner_states_ + 2 * chunk_.count * wide : nullptr;
    return step;
  }

  // Points a step at step `s` of the live rows.
  void move(ForwardStep& step, int s) const {
    const long wide = padded(task_.sizes.hidden);
    const int live = chunk_.live[s];
    for (int row = 0; row < live; row++) {
      const long at = position(direction(), task_.sizes, chunk_, row, s);
      x_[row] = task_.x + at * task_.sizes.input;
      h_[row] = task_.sequence[d_] + at * task_.sequence_stride;
      previous_[row] = before(row, s);
    }
    step.x = left_x_.of(x_, live);
    step.before = left_h_.of(previous_, live);
    step.live = live;
    step.saved = Cell::kSaved > 0 && keep() ? task_.saved[d_].gates + chunk_.offset[s] * wide * Cell::kSaved : nullptr;
    if (!Cell::kCell) return;
    step.initial_c = s == 0 ? initial_c_ : nullptr;
    step.cells_before = s == 0 ? nullptr : cells_after(s - 1);
    step.live_before = s == 0 ? 0 : cells_rows(s - 1);
    step.cells = cells_after(s);
    step.cells_rows = cells_rows(s);
  }

  // After the last step: the final state, and zeros at padding.
  void end() const {
    const int hidden = task_.sizes.hidden;
    const long output_bytes = task_.sizes.output * sizeof(float);
    for (int row = 0; row < chunk_.count; row++) {
      const int length = chunk_.lengths[row];
      if (task_.final[d_][0] != nullptr) std::memcpy(task_.final[d_][0] + state_at(row, 0), before(row, length), output_bytes);
      if (Cell::kCell && task_.final[d_][1] != nullptr) {
        float* to = task_.final[d_][1] + state_at(row, 1);
        if (length == 0) std::memcpy(to, initial_c_[row], hidden * sizeof(float));
        for (int block = 0; length > 0 && block < vectors(hidden); block++)
          store(to + block * kLanes, load(cells_after(length - 1) + (static_cast<long>(block) * cells_rows(length - 1) + row) * kLanes),
                least(kLanes, hidden - block * kLanes));
      }
      for (int t = length; t < task_.sizes.steps; t++)
        std::memset(task_.sequence[d_] + (static_cast<long>(t) * task_.sizes.rows + chunk_.rows[row]) * task_.sequence_stride, 0, output_bytes);
    }
  }

 private:
  // States of each row that a step keeps for its second product.
  static constexpr int kInner = Cell::kRelevance ? 3 : Cell::kProjected ? 1 : 0;

  const Direction& direction() const { return task_.direction[d_]; }
  bool keep() const { return task_.saved[d_].gates != nullptr || task_.saved[d_].cells != nullptr; }
  long state_at(int row, int part) const { return static_cast<long>(chunk_.rows[row]) * task_.sizes.width(part); }
  // h of a row before step `s`.
  const float* before(int row, int s) const {
    if (s == 0) return direction().initial[0] + state_at(row, 0);
    return task_.sequence[d_] + position(direction(), task_.sizes, chunk_, row, s - 1) * task_.sequence_stride;
  }
  // c after a step `[block][row][lanes]`, and its rows: kept step by step, or one place for all steps.
  float* cells_after(int s) const { return keep() ? task_.saved[d_].cells + chunk_.offset[s] * padded(task_.sizes.hidden) : cells_; }
  int cells_rows(int s) const { return keep() ? chunk_.live[s] : chunk_.count; }

  const ForwardTask& task_;
  const int d_;
  const Chunk& chunk_;
  const LeftRows left_x_;
  const LeftRows left_h_;
  const LeftRows left_inner_;
  const float** x_;
  const float** previous_;
  const float** initial_c_;
  float** h_;
  float** inner_;
  float* sums_;
  float* cells_;
  float* inner_states_;
};

}  // namespace unroll::UNROLL_ISA
