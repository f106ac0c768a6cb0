// Random problems for the ops of a training step, one by one and as a whole.
#pragma once

struct StepsResult {
  int steps;     // whole steps that gave the numbers of their ops one by one
  int accepted;  // changed programs that still say something
  int refused;   // and those that do not
};

// `rounded`: the products of recurrences are of bfloat16.
StepsResult fuzz_steps(int rounds, bool rounded);
