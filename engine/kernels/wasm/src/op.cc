// The ops of `../native/src` for the host: one call runs one op over tensors of the call's block. WebAssembly has no exceptions, so an
// error is a function of the host that throws one: the call ends where it stands, and the host gives its memory back.
#include "../../native/src/op.h"

#include <cstdlib>
#include <cstring>

#include "../../native/src/ops.h"
#include "../../native/src/problem.h"
#include "../../native/src/step/ops.h"
#include "../../native/src/threads.h"
#include "export.h"

namespace unroll {

extern "C" {
// The host's: throws an error with this text, up to its zero.
__attribute__((import_module("env"), import_name("fail"))) [[noreturn]] void host_fail(const char* text);
}

void fail(const std::string& message) { host_fail(message.c_str()); }

namespace {

constexpr int kMostAxes = 6;

// As the host writes it for an input, and reads it of an output.
struct Tensor {
  int32_t type;  // ElementType
  int32_t rank;
  int32_t shape[kMostAxes];
  void* data;
  int32_t written;  // whether the op has changed an input in place
  Scratch* block;   // an output's memory, which the host gives back
};

struct Call {
  int32_t op;
  const char* attributes;  // `name=value`, each ended by a line feed
  int32_t inputs;
  int32_t outputs;
  Tensor tensors[];  // inputs, then outputs
};

struct Entry {
  const char* name;
  detail::MakeOp make;
};

std::vector<Entry>* registered = nullptr;

// Only the host's thread runs ops.
std::vector<Entry>& ops() {
  if (registered == nullptr) registered = new std::vector<Entry>;
  return *registered;
}

}  // namespace

struct OpContext::Host {
  Call& call;

  Tensor& input(int index) {
    if (index < 0 || index >= call.inputs) fail("there is no input " + std::to_string(index));
    return call.tensors[index];
  }
};

int OpContext::inputs() const { return host_.call.inputs; }

std::vector<int64_t> OpContext::shape(int index) {
  const Tensor& tensor = host_.input(index);
  return {tensor.shape, tensor.shape + tensor.rank};
}

void* OpContext::data(int index, ElementType type, const char* name, bool written) {
  Tensor& tensor = host_.input(index);
  if (tensor.type != static_cast<int32_t>(type)) fail(std::string(name) + " has the wrong element type");
  if (written) tensor.written = 1;
  return tensor.data;
}

float* OpContext::output(int index, const std::vector<int64_t>& shape) {
  if (index < 0 || index >= host_.call.outputs || shape.size() > kMostAxes) fail("there is no output " + std::to_string(index));
  Tensor& tensor = host_.call.tensors[host_.call.inputs + index];
  long count = 1;
  tensor.rank = 0;
  for (const int64_t dimension : shape) {
    tensor.shape[tensor.rank++] = static_cast<int32_t>(dimension);
    count *= static_cast<long>(dimension);
  }
  tensor.block = new Scratch(Scratch::bytes<float>(count));
  float* const numbers = tensor.block->take<float>(count);
  tensor.data = numbers;
  return numbers;
}

struct OpAttributes::Host {
  const char* lines;

  std::string value(const char* name) const {
    const std::string start = std::string(name) + "=";
    for (const char* line = lines; *line != '\0';) {
      const char* const end = std::strchr(line, '\n');
      if (end == nullptr) break;
      if (std::strncmp(line, start.c_str(), start.size()) == 0) return {line + start.size(), end};
      line = end + 1;
    }
    fail(std::string("the op needs the attribute ") + name);
  }
};

bool OpAttributes::boolean(const char* name) { return integer(name) != 0; }
int OpAttributes::integer(const char* name) { return std::atoi(host_.value(name).c_str()); }
std::string OpAttributes::text(const char* name) { return host_.value(name); }

const Implementation& implementation_for(bool bfloat16) {
  if (bfloat16) fail("WebAssembly has no instructions for products of bfloat16");
  return implementation();
}

namespace detail {

void* create(TF_OpKernelConstruction*, MakeOp) { return nullptr; }

void register_op(const OpDefinition& definition, MakeOp make, void* (*)(TF_OpKernelConstruction*)) { ops().push_back({definition.name, make}); }

}  // namespace detail

// The number of an op of this name, or -1.
UNROLL_EXPORT int32_t op_number(const char* name) {
  if (ops().empty()) {
    register_adam();
    register_rows();
    register_cross_entropy();
    register_correct();
    register_linear();
    register_pool();
    register_losses();
    register_step();
  }
  for (size_t index = 0; index < ops().size(); index++)
    if (std::strcmp(ops()[index].name, name) == 0) return static_cast<int32_t>(index);
  return -1;
}

UNROLL_EXPORT void run_op(Call* call) {
  OpAttributes::Host given{call->attributes};
  OpAttributes attributes(given);
  const std::unique_ptr<const Op> op(ops()[static_cast<size_t>(call->op)].make(attributes));
  OpContext::Host host{*call};
  OpContext context(host);
  op->run(context);
}

}  // namespace unroll
