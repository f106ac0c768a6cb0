// Threads and memory that live as long as the process.
#pragma once

namespace unroll {

// Number of threads that `run_parallel` uses, the caller's included: TF_NUM_INTRAOP_THREADS, or one a core.
int thread_count();

// Calls `run(context, 0 … tasks-1)`, each once, on all threads; returns when all have ended. Tasks are handed out one at a time.
void run_parallel(int tasks, void (*run)(void* context, int task), void* context);

// `body(task)` for each task, with any callable.
template <class Body>
void parallel(int tasks, const Body& body) {
  run_parallel(
      tasks, [](void* context, int task) { (*static_cast<const Body*>(context))(task); }, const_cast<Body*>(&body));
}

// Called in a loop that waits for another thread, with the number of the turn: short at first, then lets other programs run.
void wait_a_little(int turn);

// Work in stages, each of some pieces: `run(context, thread, stage, piece)` for each, on up to `threads` threads. A stage begins when all
// pieces of the one before have ended. Each thread has a share of the pieces, the same in every stage, so that what they read stays in
// its core's cache; it takes over pieces that another one has not begun, which may be kept from running by other programs.
void run_stages(int threads, long stages, int pieces, void (*run)(void* context, int thread, long stage, int piece), void* context);

// `body(thread, stage, piece)` for each piece, with any callable.
template <class Body>
void in_stages(int threads, long stages, int pieces, const Body& body) {
  run_stages(
      threads, stages, pieces,
      [](void* context, int thread, long stage, int piece) { (*static_cast<const Body*>(context))(thread, stage, piece); },
      const_cast<Body*>(&body));
}

// A block of memory, aligned to 64 bytes, handed out part by part.
class Memory {
 public:
  explicit Memory(void* data) : data_(data) {}
  // The next part of the block, aligned to 64 bytes.
  template <class T>
  __attribute__((always_inline)) T* take(long count) {
    T* part = reinterpret_cast<T*>(static_cast<char*>(data_) + used_);
    used_ += bytes<T>(count);
    return part;
  }
  // What `take` uses up.
  template <class T>
  static constexpr long bytes(long count) {
    return (count * static_cast<long>(sizeof(T)) + 63) / 64 * 64;
  }

 protected:
  void* data_;
  long used_ = 0;
};

// Memory for the length of a call, not cleared. Blocks are kept for the next call: fresh memory would cost a page fault every 4 kB,
// every step.
class Scratch : public Memory {
 public:
  explicit Scratch(long bytes);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

 private:
  long size_;
};

}  // namespace unroll
