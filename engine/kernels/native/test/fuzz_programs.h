#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../src/program.h"

// The programs in a file, one a line.
std::vector<std::vector<int32_t>> programs_in(const char* file);
// Whether a batch of few rows needs few numbers: what is accepted may still be large.
bool is_small(const unroll::program::CellProgram& cell);

// Runs the programs in a file, one a line, forwards and back, over random batches; then each of them with words changed, which must be refused or
// run without a step outside its memory. Ends the process where an op takes what it must not.
struct ProgramsResult {
  int programs = 0;
  int refused = 0;   // of those with changed words
  int accepted = 0;
  std::string sums;  // of what each program as it is gave, to be compared between instruction sets
  double largest_error = 0;  // of an operation with one operand, against double precision, relative to the larger of 1 and the value
};

ProgramsResult fuzz_programs(const char* file, int changed_for_each, bool bfloat16);
