// Room for the places of a program, for the rows of one chunk.
#pragma once

#include "program_plan.h"

namespace unroll::UNROLL_ISA {

// Places that all rows of a direction share: what is learned, and constants.
struct SharedPlaces {
  Where* vectors;
  Where* constants;

  static long bytes(const program::CellProgram& cell) {
    long bytes = Memory::bytes<Where>(cell.vectors.count) + Memory::bytes<Where>(cell.constants.count) + Memory::bytes<float>(cell.constants.count * kWidestLanes);
    for (const int32_t width : cell.vectors) bytes += Memory::bytes<float>(padded(width == 0 ? 1 : width));
    return bytes;
  }

  // Of a direction that is not there.
  SharedPlaces() : vectors(nullptr), constants(nullptr) {}

  SharedPlaces(const program::CellProgram& cell, const float* const* given, Memory memory)
      : vectors(memory.take<Where>(cell.vectors.count)), constants(memory.take<Where>(cell.constants.count)) {
    float* const numbers = memory.take<float>(cell.constants.count * kWidestLanes);
    for (int index = 0; index < cell.constants.count; index++) {
      float* const to = numbers + index * kWidestLanes;
      store(to, splat(cell.constants[index]));
      constants[index] = Where::shared(to, 0);
    }
    for (int index = 0; index < cell.vectors.count; index++) {
      const int width = cell.vectors[index];
      float* const to = memory.take<float>(padded(width == 0 ? 1 : width));
      for (int block = 0; block < vectors_of(width); block++)
        store(to + block * kLanes, width == 0 ? splat(given[index][0]) : load(given[index] + block * kLanes, least(kLanes, width - block * kLanes)));
      vectors[index] = Where::shared(to, width);
    }
  }

 private:
  static int vectors_of(int width) { return width == 0 ? 1 : unroll::UNROLL_ISA::vectors(width); }
};

UNROLL_INLINE long rows_bytes(const List<int32_t>& widths, long rows) {
  long bytes = Memory::bytes<Where>(widths.count);
  for (const int32_t width : widths) bytes += Memory::bytes<float>(rows * row_size(width));
  return bytes;
}

inline Where* take_rows(Memory& memory, const List<int32_t>& widths, long rows) {
  Where* const places = memory.take<Where>(widths.count);
  for (int index = 0; index < widths.count; index++) places[index] = Where::rows(memory.take<float>(rows * row_size(widths[index])), widths[index]);
  return places;
}

// What a chunk needs besides what it hands on: buffers, registers, sums, the input where an instruction reads it.
struct StepMemory {
  Where* buffers;
  float* registers;
  float* sums;
  Factor* left;
  Where* input;

  // `multiplied`: the most rows that are multiplied at once.
  static long bytes(const program::CellProgram& cell, const program::Step& step, const StepPlan& plan, long rows, long multiplied) {
    return rows_bytes(step.buffers, rows) + Memory::bytes<float>(static_cast<long>(step.registers) * kRunRows * kLanes) +
           Memory::bytes<float>(static_cast<long>(plan.columns) * kRunRows * kLanes) + Memory::bytes<Factor>(multiplied * plan.left) + Memory::bytes<Where>(1) +
           Memory::bytes<float>(step.reads_input ? rows * row_size(cell.inputs) : 0);
  }

  StepMemory(const program::CellProgram& cell, const program::Step& step, const StepPlan& plan, long rows, long multiplied, Memory& memory)
      : buffers(take_rows(memory, step.buffers, rows)),
        registers(memory.take<float>(static_cast<long>(step.registers) * kRunRows * kLanes)),
        sums(memory.take<float>(static_cast<long>(plan.columns) * kRunRows * kLanes)),
        left(memory.take<Factor>(multiplied * plan.left)),
        input(memory.take<Where>(1)) {
    *input = Where::rows(memory.take<float>(step.reads_input ? rows * row_size(cell.inputs) : 0), cell.inputs);
  }

  void gather_input(const float* const* x, int width, int live) const {
    for (int row = 0; row < live; row++) copy_row(x[row], width, input->data + row * input->row);
  }

  // To a row of whole vectors, the last one filled with zeros.
  static UNROLL_INLINE void copy_row(const float* from, int width, float* to) {
    for (int block = 0; block < vectors(width); block++)
      store(to + block * kLanes, from == nullptr ? Vec{} : load(from + block * kLanes, least(kLanes, width - block * kLanes)));
  }
};

// Where the kept numbers of one step lie: `[place][block][row][lanes]`.
inline void place_saved(const program::CellProgram& cell, float* data, int live, Where* places) {
  for (int index = 0; index < cell.saved.count; index++) {
    const int width = cell.saved[index];
    places[index] = Where::blocks(data, live, width);
    data += padded(width == 0 ? 1 : width) * live;
  }
}

// The matrices of every run of both directions, packed on all threads.
inline void pack_runs(const StepPlan& plan, const program::CellProgram& cell, const program::Weights* directions, int count, Factor* const* packed) {
  int units = 0;
  for (int run = 0; run < plan.runs; run++) units += plan.run[run].units();
  parallel(count * units, [&](int task) {
    int unit = task % units, run = 0;
    for (; unit >= plan.run[run].units(); run++) unit -= plan.run[run].units();
    pack_unit(plan.run[run], unit, cell, directions[task / units].matrices, packed[task / units]);
  });
}

}  // namespace unroll::UNROLL_ISA
