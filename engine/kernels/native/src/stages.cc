// Work in stages, on top of the other functions of `threads.h`: the same on every platform.
#include "threads.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

namespace unroll {
namespace {

// A number in a cache line of its own.
struct alignas(64) Line {
  std::atomic<uint64_t> value{0};
};

// How the threads of run_stages agree: for each share, the stage (upper half) and the pieces that were begun; pieces that have ended.
class Stages {
 public:
  Stages(int threads, uint64_t stages, uint64_t pieces) : shares_(static_cast<size_t>(threads)), stages_(stages), pieces_(pieces) {}

  template <class Run>
  void work(size_t thread, const Run& run) {
    for (uint64_t stage = 0; stage < stages_; stage = wait_beyond(stage))
      for (size_t turn = 0; turn < shares_.size(); turn++) share((thread + turn) % shares_.size(), stage, run);
  }

 private:
  template <class Run>
  void share(size_t index, uint64_t stage, const Run& run) {
    const uint64_t first = pieces_ * index / shares_.size();
    const uint64_t end = pieces_ * (index + 1) / shares_.size();
    std::atomic<uint64_t>& share = shares_[index].value;
    for (uint64_t seen = share.load(std::memory_order_acquire); seen >> 32 == stage && first + (seen & 0xffffffff) < end;) {
      if (!share.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel)) continue;
      run(static_cast<long>(stage), static_cast<int>(first + (seen & 0xffffffff)));
      if (ended_.value.fetch_add(1, std::memory_order_acq_rel) + 1 == pieces_) begin(stage + 1);
      seen = share.load(std::memory_order_acquire);
    }
  }

  void begin(uint64_t stage) {
    ended_.value.store(0, std::memory_order_relaxed);
    for (Line& share : shares_) share.value.store(stage << 32, std::memory_order_release);
    stage_.value.store(stage, std::memory_order_release);
  }

  uint64_t wait_beyond(uint64_t stage) {
    for (int turn = 0;; turn++) {
      const uint64_t now = stage_.value.load(std::memory_order_acquire);
      if (now > stage) return now;
      wait_a_little(turn);
    }
  }

  std::vector<Line> shares_;
  Line ended_;
  Line stage_;
  const uint64_t stages_;
  const uint64_t pieces_;
};

}  // namespace

void run_stages(int threads, long stages, int pieces, void (*run)(void*, int, long, int), void* context) {
  const int members = std::min({threads, thread_count(), pieces});
  if (members <= 1) {
    for (long stage = 0; stage < stages; stage++)
      for (int piece = 0; piece < pieces; piece++) run(context, 0, stage, piece);
    return;
  }
  Stages shared(members, static_cast<uint64_t>(stages), static_cast<uint64_t>(pieces));
  parallel(members, [&](int member) {
    shared.work(static_cast<size_t>(member), [&](long stage, int piece) { run(context, member, stage, piece); });
  });
}

}  // namespace unroll
