// A thin layer over what runs the ops: tensors that check their shapes, errors that reach the caller, and one line to register an op. That is
// TensorFlow's C kernel API (`op.cc`), or the host of WebAssembly (`wasm/src/op.cc`).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct TF_OpKernelConstruction;

namespace unroll {

// Thrown by an op's body; the caller sees a TensorFlow error with this message. WebAssembly has no exceptions: there `fail` ends the call.
struct OpError {
  int code;  // TensorFlow's
  std::string message;
};

[[noreturn]] void fail(const std::string& message);

std::string shape_text(const std::vector<int64_t>& shape);

enum class ElementType { kFloat, kInt32 };

// The inputs and outputs of one run of an op. Everything it hands out lives until the op returns.
class OpContext {
 public:
  struct Host;
  explicit OpContext(Host& host) : host_(host) {}
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
  // The numbers of an input of this type; `written`: it will be changed in place.
  void* data(int index, ElementType type, const char* name, bool written);
  void* checked(int index, ElementType type, const std::vector<int64_t>& shape, const char* name, bool written = false);

  Host& host_;
};

// Attributes of an op, read once when its kernel is made.
class OpAttributes {
 public:
  struct Host;
  explicit OpAttributes(Host& host) : host_(host) {}
  OpAttributes(const OpAttributes&) = delete;
  OpAttributes& operator=(const OpAttributes&) = delete;

  bool boolean(const char* name);
  int integer(const char* name);
  std::string text(const char* name);
  // A list of whole numbers, each within 32 bits.
  std::vector<int32_t> integers(const char* name);

 private:
  Host& host_;
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

// An op with its attributes.
class Op {
 public:
  virtual ~Op() = default;
  virtual void run(OpContext& context) const = 0;
};

namespace detail {
template <class Kernel>
class OpOf final : public Op {
 public:
  explicit OpOf(OpAttributes& attributes) : kernel_(attributes) {}
  void run(OpContext& context) const override { kernel_.run(context); }

 private:
  Kernel kernel_;
};

using MakeOp = Op* (*)(OpAttributes&);
// As TensorFlow calls it: null after an error, which it is told of.
void* create(TF_OpKernelConstruction* construction, MakeOp make);
void register_op(const OpDefinition& definition, MakeOp make, void* (*create)(TF_OpKernelConstruction*));
}  // namespace detail

// Registers an op for the processor: a class made from OpAttributes, with `void run(OpContext&) const`. Exceptions of both become
// TensorFlow errors.
template <class Kernel>
void register_op(const OpDefinition& definition) {
  constexpr detail::MakeOp make = [](OpAttributes& attributes) -> Op* { return new detail::OpOf<Kernel>(attributes); };
  detail::register_op(definition, make, [](TF_OpKernelConstruction* construction) { return detail::create(construction, make); });
}

}  // namespace unroll
