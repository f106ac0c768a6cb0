// The products of a run: which are made together, and how their matrices are packed.
#pragma once

#include "program_places.h"

namespace unroll::UNROLL_ISA {

// A product, and whether its sum begins with it.
struct Use {
  const program::Product* product;
  bool first;
};

// Products of the same values: they are read once for all.
struct Pass {
  Place of;
  int count;  // of units that are multiplied
  const Use* uses;
  int size;
  long left;  // where its rows begin among those of the run, for each row
};

// Columns of a run are taken `unit` blocks at a time, so that few sums still make a whole register tile.
struct RunPlan {
  const program::Run* run;
  int blocks;
  int unit;
  int passes;
  const Pass* pass;
  long packed;         // where its matrices begin
  long packed_block;   // factors for each block
  int columns;         // vectors of its sums
  long left;           // factors of a row of all that it multiplies, where they are rounded

  UNROLL_INLINE int units() const { return (blocks + unit - 1) / unit; }
  UNROLL_INLINE int width(int index) const { return least(unit, blocks - index * unit); }
  UNROLL_INLINE long packed_at(int index) const { return packed + static_cast<long>(index) * unit * packed_block; }
};

struct StepPlan {
  int runs;
  const RunPlan* run;
  long packed;   // factors of all packed matrices
  int columns;   // most vectors of sums
  long left;     // most factors of a row

  // `extra`: a run beside those of the step.
  static long bytes(const program::Step& step, const program::Run* extra) {
    const int runs = step.runs.count + (extra == nullptr ? 0 : 1);
    long bytes = Memory::bytes<RunPlan>(runs);
    for (int index = 0; index < runs; index++) {
      const int products = (index < step.runs.count ? step.runs[index] : *extra).products.count;
      bytes += Memory::bytes<Use>(products) + Memory::bytes<Pass>(products);
    }
    return bytes;
  }

  StepPlan(const program::Step& step, const program::Run* extra, const program::CellProgram& cell, Memory memory) : runs(step.runs.count + (extra == nullptr ? 0 : 1)), packed(0), columns(0), left(0) {
    RunPlan* const plans = memory.take<RunPlan>(runs);
    run = plans;
    for (int index = 0; index < runs; index++) {
      const program::Run& from = index < step.runs.count ? step.runs[index] : *extra;
      Use* const uses = memory.take<Use>(from.products.count);
      Pass* const passes = memory.take<Pass>(from.products.count);
      plans[index] = plan(from, cell, uses, passes);
      plans[index].packed = packed;
      packed += plans[index].packed_block * plans[index].blocks;
      if (plans[index].columns > columns) columns = plans[index].columns;
      if (plans[index].left > left) left = plans[index].left;
    }
  }

 private:
  static RunPlan plan(const program::Run& run, const program::CellProgram& cell, Use* uses, Pass* passes) {
    RunPlan made{&run, run.width == 0 ? 1 : vectors(run.width), 1, 0, passes, 0, 0, 0, 0};
    int used = 0, largest = 0;
    for (int index = 0; index < run.products.count; index++) {
      if (is_used(run.products[index], uses, used)) continue;
      const Place of = run.products[index].of;
      Pass& pass = passes[made.passes++] = {of, of.width, uses + used, 0, made.left};
      made.left += LeftRows::row_size(of.width);
      for (int other = index; other < run.products.count; other++) {
        const program::Product& product = run.products[other];
        if (product.of.kind != of.kind || product.of.index != of.index || is_used(product, uses, used)) continue;
        // Two for the same sum are made one after the other.
        if (has_target(product.target, pass.uses, pass.size)) continue;
        const bool first = !has_target(product.target, uses, used);
        uses[used] = {&product, first};
        used++;
        pass.size++;
      }
      made.packed_block += static_cast<long>(factors(pass.count)) * pass.size * kLanes;
      if (pass.size > largest) largest = pass.size;
    }
    made.unit = run.products.count == 0 || largest > 2 ? 1 : largest == 2 ? 2 : 4;
    made.columns = run.start.count * made.unit;
    return made;
  }

  static bool is_used(const program::Product& product, const Use* uses, int count) {
    for (int index = 0; index < count; index++)
      if (uses[index].product == &product) return true;
    return false;
  }

  static bool has_target(int target, const Use* uses, int count) {
    for (int index = 0; index < count; index++)
      if (uses[index].product->target == target) return true;
    return false;
  }
};

// Vectors of a pass are multiplied up to four at a time, as evenly as can be: calls `body(first, count)`.
template <class Body>
UNROLL_INLINE void in_groups(int all, const Body& body) {
  const int groups = (all + kPanel - 1) / kPanel;
  for (int group = 0, first = 0; group < groups; group++) {
    const int count = (all - first) / (groups - group);
    body(first, count);
    first += count;
  }
}

// The matrices of one unit: for each pass and group, factors `[count][vectors][lanes]`.
inline void pack_unit(const RunPlan& plan, int index, const program::CellProgram& cell, const float* const* matrices, Factor* packed) {
  const int width = plan.width(index);
  Factor* to = packed + plan.packed_at(index);
  for (int p = 0; p < plan.passes; p++) {
    const Pass& pass = plan.pass[p];
    in_groups(pass.size * width, [&](int first, int count) UNROLL_LAMBDA {
      for (int vector = 0; vector < count; vector++) {
        const program::Product& product = *pass.uses[(first + vector) / width].product;
        const int block = index * plan.unit + (first + vector) % width;
        const program::Matrix& shape = cell.matrices[product.matrix];
        const float* from = matrices[product.matrix];
        Factor* column = to + vector * kLanes;
        if (product.turned == 0) {
          pack_turned(from, shape.rows, shape.columns, block * kLanes, column, static_cast<long>(count) * kLanes);
          continue;
        }
        const int lanes = least(kLanes, shape.columns - block * kLanes);
        const auto row = [&](int k) UNROLL_LAMBDA {
          return k < shape.rows ? load(from + static_cast<long>(k) * shape.columns + block * kLanes, lanes) : Vec{};
        };
        for (int k = 0; k < shape.rows; k += kPerFactor, column += count * kLanes) store_factors(column, across(row(k), row(k + kPerFactor - 1)));
      }
      to += static_cast<long>(factors(pass.count)) * count * kLanes;
    });
  }
}

// Rows times a group of packed vectors, added to sums.
struct GroupProduct {
  const Factor* const* rows;  // of each row its factors: `stretch` of them in a row, then the next `step` further on
  int count;
  int stretch;
  long step;
  const Factor* packed;
  float* sums;               // of each row, `sums_row` apart
  long sums_row;
  int at[kPanel];            // of each vector within them
  const float* start[kPanel];  // what it begins with; null: what is there
};

template <int V>
__attribute__((noinline)) void multiply_group(const GroupProduct& p, int rows) {
  in_tiles<tile_rows(V)>(rows, [&](int row, auto r) UNROLL_LAMBDA {
    constexpr int R = decltype(r)::value;
    Tile<R, V> tile;
    const Factor* a[R];
#pragma GCC unroll 8
    for (int i = 0; i < R; i++) {
      a[i] = p.rows[row + i];
#pragma GCC unroll 8
      for (int n = 0; n < V; n++) tile.sum[i][n] = load(p.start[n] == nullptr ? p.sums + (row + i) * p.sums_row + p.at[n] : p.start[n]);
    }
    const Factor* b = p.packed;
    for (int left = p.count; left > 0; left -= p.stretch) {
      const int count = least(left, p.stretch);
      add_panel_product<V>(tile, a, b, count);
      b += static_cast<long>(count) * V * kLanes;
#pragma GCC unroll 8
      for (int i = 0; i < R; i++) a[i] += p.step;
    }
#pragma GCC unroll 8
    for (int i = 0; i < R; i++)
#pragma GCC unroll 8
      for (int n = 0; n < V; n++) store(p.sums + (row + i) * p.sums_row + p.at[n], tile.sum[i][n]);
  });
}

// What the products of a run take of `rows` rows, from row 0 on: float32 as it lies, bfloat16 rounded once for all units.
struct Lefts {
  const Places& places;
  const float* const* x;  // rows of the input
  const Factor* rounded;
  int rows;

  // `room`: for `plan.left` factors a row.
  Lefts(const RunPlan& plan, const Places& places, const float* const* x, int rows, Factor* room) : places(places), x(x), rounded(room), rows(rows) {
#if defined(UNROLL_BFLOAT16)
    for (int p = 0; p < plan.passes; p++) {
      const Pass& pass = plan.pass[p];
      for (int row = 0; row < rows; row++) {
        Factor* const to = room + pass.left * rows + row * LeftRows::row_size(pass.count);
        if (pass.of.kind == program::kInput) round_row(x[row], pass.count, kLanes, to);
        else round_row(places[pass.of].data + row * places[pass.of].row, pass.count, places[pass.of].block, to);
      }
    }
#endif
  }

  // The rows from `first` on into a product; `pointers` is room for `count` of them.
  void give(const Pass& pass, int first, int count, const Factor** pointers, GroupProduct& product) const {
    product.count = product.stretch = factors(pass.count);
    product.step = 0;
    product.rows = pointers;
#if defined(UNROLL_BFLOAT16)
    for (int row = 0; row < count; row++) pointers[row] = rounded + pass.left * rows + (first + row) * LeftRows::row_size(pass.count);
#else
    if (pass.of.kind == program::kInput) {
      product.rows = x + first;
      return;
    }
    const Where& where = places[pass.of];
    for (int row = 0; row < count; row++) pointers[row] = where.data + (first + row) * where.row;
    if (where.block == kLanes) return;
    product.stretch = kLanes;
    product.step = where.block;
#endif
  }
};

// All products of a unit, for rows `first` … `first + rows`-1.
inline void multiply_unit(const RunPlan& plan, int index, const Lefts& lefts, int first, int rows, const Factor* packed, float* sums) {
  const int width = plan.width(index);
  const float zeros[kLanes] = {};
  const Factor* from = packed + plan.packed_at(index);
  for (int p = 0; p < plan.passes; p++) {
    const Pass& pass = plan.pass[p];
    const Factor* pointers[kRunRows];
    GroupProduct product;
    lefts.give(pass, first, rows, pointers, product);
    product.sums = sums;
    product.sums_row = static_cast<long>(plan.columns) * kLanes;
    in_groups(pass.size * width, [&](int group, int count) UNROLL_LAMBDA {
      for (int vector = 0; vector < count; vector++) {
        const Use& use = pass.uses[(group + vector) / width];
        const int block = (group + vector) % width;
        const int target = use.product->target;
        product.at[vector] = (target * plan.unit + block) * kLanes;
        product.start[vector] = nullptr;
        if (!use.first) continue;
        const Place& start = plan.run->start[target];
        product.start[vector] = start.kind == program::kNone ? zeros : lefts.places[start].at(index * plan.unit + block, 0);
      }
      product.packed = from;
      with_width(count, [&](auto v) UNROLL_LAMBDA { multiply_group<decltype(v)::value>(product, rows); });
      from += static_cast<long>(factors(pass.count)) * count * kLanes;
    });
  }
}

// A run for `live` rows. `registers` `[register][kRunRows][lanes]` and `sums` are room for one tile, `left` for what all rows' products take.
inline void execute(const RunPlan& plan, const Places& places, const float* const* x, int live, const Factor* packed, float* registers, float* sums, Factor* left) {
  const program::Run& run = *plan.run;
  const Lefts lefts(plan, places, x, live, left);
  const int tiles = (live + kRunRows - 1) / kRunRows;
  for (int index = 0; index < plan.units(); index++) {
    for (int tile = 0, first = 0; tile < tiles; tile++) {
      const int rows = (live - first) / (tiles - tile);
      multiply_unit(plan, index, lefts, first, rows, packed, sums);
      for (int column = 0; column < plan.width(index); column++) {
        const int block = index * plan.unit + column;
        const int count = run.width == 0 ? kLanes : run.width - block * kLanes;
        const auto resolve = [&](const Place& place) UNROLL_LAMBDA -> Column {
          switch (place.kind) {
            case program::kNone:
              return {nullptr, 0};
            case program::kRegister:
              return {registers + static_cast<long>(place.index) * kRunRows * kLanes, kLanes};
            case program::kTarget:
              return {sums + (place.index * plan.unit + column) * kLanes, static_cast<long>(plan.columns) * kLanes};
            default: {
              const Where& where = places[place];
              return {where.at(block, first), where.row};
            }
          }
        };
        for (const program::Instruction& instruction : run.instructions) {
          const Column from[3] = {resolve(instruction.from[0]), resolve(instruction.from[1]), resolve(instruction.from[2])};
          calculate(instruction.operation, rows, resolve(instruction.to), from, count, block == 0);
        }
      }
      first += rows;
    }
  }
  for (const program::Instruction& instruction : run.instructions)
    if (instruction.operation == program::kSumUnits || instruction.operation == program::kMaxUnits)
      finish_gathering(instruction.operation, live, places[instruction.to]);
}

}  // namespace unroll::UNROLL_ISA
