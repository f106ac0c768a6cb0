// Just enough of TensorFlow's C kernel API to run an op outside it: tensors are blocks of exactly their size, so that the address
// sanitizer sees every step beyond one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tensorflow/c/tf_datatype.h"

namespace fake {

struct Tensor {
  TF_DataType type = TF_FLOAT;
  std::vector<int64_t> shape;
  std::vector<char> data;

  Tensor() = default;
  Tensor(TF_DataType type, std::vector<int64_t> shape);
  float* floats() { return reinterpret_cast<float*>(data.data()); }
  int32_t* ints() { return reinterpret_cast<int32_t*>(data.data()); }
};

struct Attributes {
  std::map<std::string, std::string> text;
  std::map<std::string, int64_t> integer;
  std::map<std::string, std::vector<int64_t>> integers;
};

struct Result {
  std::string error;  // empty: it ran
  std::vector<Tensor> outputs;
  std::vector<Tensor> inputs;  // as the kernel left them
};

// Makes a kernel of a registered op and runs it once.
Result run(const std::string& op, const Attributes& attributes, const std::vector<Tensor>& inputs, int outputs);

}  // namespace fake
