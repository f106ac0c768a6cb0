// Words to a program, each of them checked: what is taken reads and writes nothing outside its own memory, whatever it is.
#pragma once

#include <memory>
#include <vector>

#include "program.h"

namespace unroll {

class ParsedProgram {
 public:
  // Null where the words are no program; `error` then says why.
  static std::unique_ptr<ParsedProgram> parse(const int32_t* words, long count, const char*& error);

  const program::CellProgram& cell() const { return cell_; }

 private:
  friend class ProgramParser;
  program::CellProgram cell_{};
  std::vector<std::unique_ptr<char[]>> memory_;
};

}  // namespace unroll
