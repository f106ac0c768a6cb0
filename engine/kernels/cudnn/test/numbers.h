// The inputs and outputs of an op whose type of number is float or float16: both come to the reference as floats.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "half.h"
#include "op.h"
#include "tensorflow_host.h"

namespace numbers {

using Shape = std::vector<int64_t>;

// Outputs of float16 are written when it goes out of scope.
class Numbers {
 public:
  Numbers(unroll::OpContext& run, TF_OpKernelContext* context)
      : run_(run), context_(context), half_(TF_ExpectedOutputDataType(context, 0) == TF_HALF), status_(TF_NewStatus()) {}
  ~Numbers() {
    for (const auto& [tensor, values] : outputs_) {
      auto* bits = static_cast<uint16_t*>(TF_TensorData(tensor));
      for (size_t index = 0; index < values->size(); index++) bits[index] = half::to_bits((*values)[index]);
      TF_DeleteTensor(tensor);
    }
    TF_DeleteStatus(status_);
  }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;

  bool half() const { return half_; }

  const float* in(int index, const Shape& shape, const char* name) {
    if (!half_) return run_.floats(index, shape, name);
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    unroll::raise(status_);
    const bool right = TF_TensorType(tensor) == TF_HALF;
    if (right && run_.shape(index) == shape) {
      const auto* bits = static_cast<const uint16_t*>(TF_TensorData(tensor));
      inputs_.push_back(std::make_unique<std::vector<float>>(TF_TensorElementCount(tensor)));
      for (size_t at = 0; at < inputs_.back()->size(); at++) (*inputs_.back())[at] = half::from_bits(bits[at]);
      TF_DeleteTensor(tensor);
      return inputs_.back()->data();
    }
    TF_DeleteTensor(tensor);
    unroll::fail(std::string(name) + (right ? " has the wrong shape" : " is not of float16"));
  }

  float* out(int index, const Shape& shape) {
    if (!half_) return run_.output(index, shape);
    size_t size = 1;
    for (const int64_t dimension : shape) size *= static_cast<size_t>(dimension);
    TF_Tensor* tensor = TF_AllocateOutput(context_, index, TF_HALF, shape.data(), static_cast<int>(shape.size()), 2 * size, status_);
    unroll::raise(status_);
    outputs_.emplace_back(tensor, std::make_unique<std::vector<float>>(size));
    return outputs_.back().second->data();
  }

 private:
  unroll::OpContext& run_;
  TF_OpKernelContext* context_;
  bool half_;
  TF_Status* status_;
  std::vector<std::unique_ptr<std::vector<float>>> inputs_;
  std::vector<std::pair<TF_Tensor*, std::unique_ptr<std::vector<float>>>> outputs_;
};

}  // namespace numbers
