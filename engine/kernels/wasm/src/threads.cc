// `threads.h` for WebAssembly: the host starts workers on the same memory, each of which calls `work` and stays in it.
#include "../../native/src/threads.h"

#include "export.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace unroll {
namespace {

using Word = std::atomic<int32_t>;
constexpr int64_t kForever = -1;

void sleep_while(Word& word, int32_t value, int64_t nanoseconds = kForever) {
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int32_t*>(&word), value, nanoseconds);
}

void wake(Word& word, int32_t sleepers) {
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int32_t*>(&word), static_cast<uint32_t>(sleepers));
}

// The job under way. Only the host's thread begins one. Workers read it only while it is open and they are counted as its users; the
// caller closes it, then waits for the last user, so a worker that wakes late finds it closed, or the next one.
struct Job {
  void (*run)(void*, int);
  void* context;
  int tasks;
};
Job job;
alignas(64) Word open{0};
alignas(64) Word number{0};  // raised for each job: what workers sleep on
alignas(64) Word next{0};    // task
alignas(64) Word users{0};
Word helped{0};  // tasks that workers have run
int thread_number = 1;

int take_tasks() {
  int taken = 0;
  for (int task; (task = next.fetch_add(1)) < job.tasks; taken++) job.run(job.context, task);
  return taken;
}

constexpr int kTurns = 2000;

Word blocks_held{0};

class BlocksLock {
 public:
  BlocksLock() {
    while (blocks_held.exchange(1) != 0) sleep_while(blocks_held, 1);
  }
  ~BlocksLock() {
    blocks_held.store(0);
    wake(blocks_held, 1);
  }
};

// Blocks that are free: as many as were ever in use at the same time, but no more than this.
struct Block {
  void* data;
  long size;
};
constexpr int kMostBlocks = 64;
Block blocks[kMostBlocks];
int free_blocks = 0;

void put_back(const Block& block) {
  if (free_blocks < kMostBlocks) blocks[free_blocks++] = block;
  else std::free(block.data);
}

// Those in use, the newest last, as far as there is room for them here.
constexpr int kMostUsed = 1024;
Block used[kMostUsed];
int used_blocks = 0;

void note_used(const Block& block) {
  if (used_blocks < kMostUsed) used[used_blocks++] = block;
}

void forget_used(const void* data) {
  for (int index = used_blocks - 1; index >= 0; index--) {
    if (used[index].data != data) continue;
    for (; index + 1 < used_blocks; index++) used[index] = used[index + 1];
    used_blocks--;
    return;
  }
}

}  // namespace

int thread_count() { return thread_number; }

void wait_a_little(int turn) {
  constexpr int64_t kPause = 20'000;  // ns
  Word never{0};
  if (turn >= kTurns) sleep_while(never, 0, kPause);
}

void run_parallel(int tasks, void (*run)(void*, int), void* context) {
  const int helpers = std::min(tasks, thread_count()) - 1;
  if (helpers <= 0) {
    for (int task = 0; task < tasks; task++) run(context, task);
    return;
  }
  job = {run, context, tasks};
  next.store(0);
  open.store(1);
  number.fetch_add(1);
  wake(number, helpers);
  take_tasks();
  open.store(0);
  // The caller has nothing left to do; the others are at their last tasks.
  for (int turn = 0; users.load() != 0; turn++) {
    if (turn < kTurns) continue;
    if (const int32_t left = users.load(); left != 0) sleep_while(users, left);
  }
}

// Called once, when the workers have started: the same lengths must be dealt to the threads in the same way from then on.
UNROLL_EXPORT void use_threads(int32_t count) { thread_number = count; }

UNROLL_EXPORT int32_t tasks_of_workers() { return helped.load(); }

// In a worker, for as long as it lives.
UNROLL_EXPORT void work() {
  for (;;) {
    const int32_t seen = number.load();
    users.fetch_add(1);
    if (open.load() != 0) helped.fetch_add(take_tasks());
    if (users.fetch_sub(1) == 1) wake(users, 1);
    sleep_while(number, seen);
  }
}

Scratch::Scratch(long bytes) : Memory(nullptr), size_(bytes) {
  BlocksLock lock;
  // The smallest that is large enough.
  int best = -1;
  for (int index = 0; index < free_blocks; index++)
    if (blocks[index].size >= bytes && (best < 0 || blocks[index].size < blocks[best].size)) best = index;
  if (best >= 0) {
    data_ = blocks[best].data;
    size_ = blocks[best].size;
    blocks[best] = blocks[--free_blocks];
    note_used({data_, size_});
    return;
  }
  // Too small for what is asked for now, so probably for what comes: their memory goes to the new one.
  if (free_blocks > 0) std::free(blocks[--free_blocks].data);
  constexpr long kUnit = 4096;
  size_ = std::max(kUnit, (bytes + kUnit - 1) / kUnit * kUnit);
  data_ = std::aligned_alloc(64, static_cast<size_t>(size_));
  if (data_ == nullptr) std::abort();
  note_used({data_, size_});
}

Scratch::~Scratch() {
  BlocksLock lock;
  forget_used(data_);
  put_back({data_, size_});
}

UNROLL_EXPORT int32_t blocks_used() { return used_blocks; }

// After a call that did not come to its end: what it has taken since there were `count` blocks in use is free again.
UNROLL_EXPORT void give_back_beyond(int32_t count) {
  BlocksLock lock;
  while (used_blocks > count) put_back(used[--used_blocks]);
}

}  // namespace unroll
