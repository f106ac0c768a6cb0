// Random problems for the ops of a training step, one by one and as a whole.
#pragma once

struct StepsResult {
  int steps;     // whole steps that gave the numbers of their ops one by one
  int accepted;  // changed programs that still say something
  int refused;   // and those that do not
  int cells;     // of the layers those out of register programs
};

// `programs`: a file of register programs, one a line. `rounded`: the products of recurrences are of bfloat16.
StepsResult fuzz_steps(const char* programs, int rounds, bool rounded);
