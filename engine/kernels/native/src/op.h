// A thin layer over TensorFlow's C kernel API: tensors that check their shapes, errors that reach the caller, and one line to register an op.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace unroll {

// Thrown by an op's body; the caller sees a TensorFlow error with this message.
struct OpError {
  TF_Code code;
  std::string message;
};

[[noreturn]] void fail(const std::string& message);

std::string shape_text(const std::vector<int64_t>& shape);

// The inputs and outputs of one run of an op. Everything it hands out lives until the op returns.
class OpContext {
 public:
  explicit OpContext(TF_OpKernelContext* context);
  ~OpContext();
  OpContext(const OpContext&) = delete;
  OpContext& operator=(const OpContext&) = delete;

  int inputs() const;
  std::vector<int64_t> shape(int index);
  // The numbers of an input that must have this shape; `name` is for the error.
  const float* floats(int index, const std::vector<int64_t>& shape, const char* name);
  // The same, to be changed in place. Only for a tensor that its owner shares with nobody.
  float* floats_in_place(int index, const std::vector<int64_t>& shape, const char* name);
  // The numbers of an input with this many of them, in any shape.
  const float* flat_floats(int index, int64_t count, const char* name);
  const int32_t* ints(int index, const std::vector<int64_t>& shape, const char* name);
  // The numbers of an input, or null where it is empty: an argument that was left out.
  const float* optional_floats(int index, const std::vector<int64_t>& shape, const char* name);
  // Makes an output. Its numbers are not cleared.
  float* output(int index, const std::vector<int64_t>& shape);

 private:
  TF_Tensor* input(int index);
  const void* checked(int index, TF_DataType type, const std::vector<int64_t>& shape, const char* name);

  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

// Attributes of an op, read once when its kernel is made.
class OpAttributes {
 public:
  explicit OpAttributes(TF_OpKernelConstruction* construction);
  ~OpAttributes();
  OpAttributes(const OpAttributes&) = delete;
  OpAttributes& operator=(const OpAttributes&) = delete;

  bool boolean(const char* name);
  int integer(const char* name);
  float number(const char* name);
  std::string text(const char* name);
  // A list of whole numbers, each within 32 bits.
  std::vector<int32_t> integers(const char* name);

 private:
  void check();
  TF_OpKernelConstruction* construction_;
  TF_Status* status_;
};

struct OpDefinition {
  const char* name;
  std::vector<const char*> attributes;
  std::vector<const char*> inputs;
  std::vector<const char*> outputs;
};

struct Implementation;
// What computes an op whose matrix products are of one of both types; fails where there is none.
const Implementation& implementation_for(bool bfloat16);

namespace detail {
void register_op(const OpDefinition& definition, void* (*create)(TF_OpKernelConstruction*), void (*compute)(void*, TF_OpKernelContext*),
                 void (*remove)(void*));
void report(TF_OpKernelContext* context, const OpError& error);
void report(TF_OpKernelConstruction* construction, const OpError& error);
OpError unexpected(const char* what);
}  // namespace detail

// Registers an op and its CPU kernel: a class made from OpAttributes, with `void run(OpContext&) const`. Exceptions of both become
// TensorFlow errors.
template <class Kernel>
void register_op(const OpDefinition& definition) {
  detail::register_op(
      definition,
      [](TF_OpKernelConstruction* construction) -> void* {
        try {
          OpAttributes attributes(construction);
          return new Kernel(attributes);
        } catch (const OpError& error) {
          detail::report(construction, error);
        } catch (const std::exception& error) {
          detail::report(construction, detail::unexpected(error.what()));
        }
        return nullptr;
      },
      [](void* kernel, TF_OpKernelContext* context) {
        try {
          OpContext run(context);
          static_cast<const Kernel*>(kernel)->run(run);
        } catch (const OpError& error) {
          detail::report(context, error);
        } catch (const std::exception& error) {
          detail::report(context, detail::unexpected(error.what()));
        }
      },
      [](void* kernel) { delete static_cast<Kernel*>(kernel); });
}

}  // namespace unroll
