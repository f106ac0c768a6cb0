#include "threads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace unroll {
namespace {

struct Job {
  void (*run)(void*, int);
  void* context;
  int tasks;
  std::atomic<int> next{0};
  std::atomic<int> done{0};
};

class Pool {
 public:
  explicit Pool(int threads) {
    for (int index = 1; index < threads; index++) std::thread([this] { work(); }).detach();
  }

  void run(Job& job) {
    std::lock_guard<std::mutex> one_job_at_a_time(callers_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      job_ = &job;
      generation_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    take(job);
    // The caller has nothing left to do; the others are at their last tasks.
    for (int turn = 0; turn < kTurns && job.done.load(std::memory_order_acquire) < job.tasks; turn++) wait_a_little(turn);
    std::unique_lock<std::mutex> lock(mutex_);
    finished_.wait(lock, [&] { return job.done.load(std::memory_order_acquire) == job.tasks && users_ == 0; });
    job_ = nullptr;
  }

 private:
  static constexpr int kTurns = 2000;
  // How long a thread without work looks for more before it sleeps: the pieces of a step follow each other at once, and to be woken takes
  // as long as a small one.
  static constexpr std::chrono::microseconds kAwake{60};

  static void take(Job& job) {
    for (int task; (task = job.next.fetch_add(1, std::memory_order_relaxed)) < job.tasks;) {
      job.run(job.context, task);
      job.done.fetch_add(1, std::memory_order_release);
    }
  }

  void work() {
    unsigned long seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      if (job_ == nullptr || generation_.load(std::memory_order_relaxed) == seen) {
        lock.unlock();
        look_out(seen);
        lock.lock();
      }
      wake_.wait(lock, [&] { return job_ != nullptr && generation_.load(std::memory_order_relaxed) != seen; });
      seen = generation_.load(std::memory_order_relaxed);
      Job& job = *job_;
      users_++;
      lock.unlock();
      take(job);
      lock.lock();
      users_--;
      finished_.notify_one();
    }
  }

  // Until there is another job than the one that was seen, but not for long.
  void look_out(unsigned long seen) const {
    const auto end = std::chrono::steady_clock::now() + kAwake;
    while (generation_.load(std::memory_order_acquire) == seen) {
      for (int turn = 0; turn < 32; turn++) wait_a_little(0);
      if (std::chrono::steady_clock::now() > end) return;
    }
  }

  std::mutex callers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable finished_;
  Job* job_ = nullptr;
  std::atomic<unsigned long> generation_{0};
  int users_ = 0;
};

// Never destroyed: its threads may still wait when the process ends.
Pool& pool() {
  static Pool* const shared = new Pool(thread_count());
  return *shared;
}

struct Block {
  void* data;
  long size;
};

std::mutex blocks_mutex;
std::vector<Block>& free_blocks() {
  static std::vector<Block>* const blocks = new std::vector<Block>;
  return *blocks;
}

constexpr long kLargePage = 2l << 20;

}  // namespace

int thread_count() {
  static const int count = [] {
    const char* wanted = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int named = wanted == nullptr ? 0 : std::atoi(wanted);
    return std::clamp(named > 0 ? named : static_cast<int>(std::thread::hardware_concurrency()), 1, 256);
  }();
  return count;
}

void wait_a_little(int turn) {
  constexpr int kTurns = 4000;
  if (turn >= kTurns) return std::this_thread::yield();
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  // `yield` passes in a cycle on most processors; this takes as long as x86's pause.
  __asm__ __volatile__("isb" ::: "memory");
#endif
}

void run_parallel(int tasks, void (*run)(void*, int), void* context) {
  if (tasks <= 1 || thread_count() == 1) {
    for (int task = 0; task < tasks; task++) run(context, task);
    return;
  }
  Job job;
  job.run = run;
  job.context = context;
  job.tasks = tasks;
  pool().run(job);
}

Scratch::Scratch(long bytes) : Memory(nullptr), size_(bytes) {
  {
    std::lock_guard<std::mutex> lock(blocks_mutex);
    std::vector<Block>& blocks = free_blocks();
    // The smallest that is large enough.
    size_t best = blocks.size();
    for (size_t index = 0; index < blocks.size(); index++) {
      if (blocks[index].size >= bytes && (best == blocks.size() || blocks[index].size < blocks[best].size)) best = index;
    }
    if (best < blocks.size()) {
      data_ = blocks[best].data;
      size_ = blocks[best].size;
      blocks.erase(blocks.begin() + static_cast<long>(best));
      return;
    }
    // Too small for what is asked for now, so probably for what comes: their memory goes to the new one.
    if (!blocks.empty()) {
      std::free(blocks.back().data);
      blocks.pop_back();
    }
  }
  const long unit = bytes >= kLargePage ? kLargePage : 4096;
  size_ = std::max(unit, (bytes + unit - 1) / unit * unit);
  data_ = std::aligned_alloc(static_cast<size_t>(unit), static_cast<size_t>(size_));
  if (data_ == nullptr) std::abort();
#ifdef __linux__
  if (unit == kLargePage) madvise(data_, static_cast<size_t>(size_), MADV_HUGEPAGE);
#endif
}

Scratch::~Scratch() {
  std::lock_guard<std::mutex> lock(blocks_mutex);
  free_blocks().push_back({data_, size_});
}

}  // namespace unroll
