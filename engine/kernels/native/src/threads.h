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

// Memory for the length of a call, aligned to 64 bytes, not cleared. Blocks are kept for the next call: fresh memory would cost a page
// fault every 4 kB, every step.
class Scratch {
 public:
  explicit Scratch(long bytes);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
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

 private:
  void* data_;
  long size_;
  long used_ = 0;
};

}  // namespace unroll
