#pragma once

#include <string>

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
