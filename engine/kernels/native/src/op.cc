// The ops in TensorFlow, over its C kernel API.
#include "op.h"

#include "problem.h"
#include "tensorflow/c/ops.h"
#include "tensorflow_host.h"

namespace unroll {

void fail(const std::string& message) { throw OpError{TF_INVALID_ARGUMENT, message}; }

int OpContext::inputs() const { return TF_NumInputs(host_.context); }

std::vector<int64_t> OpContext::shape(int index) {
  TF_Tensor* tensor = host_.input(index);
  std::vector<int64_t> shape;
  for (int axis = 0; axis < TF_NumDims(tensor); axis++) shape.push_back(TF_Dim(tensor, axis));
  return shape;
}

void* OpContext::data(int index, ElementType type, const char* name, bool) {
  TF_Tensor* tensor = host_.input(index);
  if (TF_TensorType(tensor) != (type == ElementType::kFloat ? TF_FLOAT : TF_INT32)) fail(std::string(name) + " has the wrong element type");
  return TF_TensorData(tensor);
}

float* OpContext::output(int index, const std::vector<int64_t>& shape) {
  size_t bytes = sizeof(float);
  for (int64_t dimension : shape) bytes *= static_cast<size_t>(dimension);
  TF_Tensor* tensor = TF_AllocateOutput(host_.context, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes, host_.status);
  if (tensor != nullptr) host_.tensors.push_back(tensor);
  raise(host_.status);
  return static_cast<float*>(TF_TensorData(tensor));
}

bool OpAttributes::boolean(const char* name) {
  TF_Bool value = 0;
  TF_OpKernelConstruction_GetAttrBool(host_.construction, name, &value, host_.status);
  raise(host_.status);
  return value != 0;
}

int OpAttributes::integer(const char* name) {
  int64_t value = 0;
  TF_OpKernelConstruction_GetAttrInt64(host_.construction, name, &value, host_.status);
  raise(host_.status);
  return static_cast<int>(value);
}

std::string OpAttributes::text(const char* name) {
  int32_t list = 0;
  int32_t size = 0;
  TF_OpKernelConstruction_GetAttrSize(host_.construction, name, &list, &size, host_.status);
  raise(host_.status);
  std::string value(static_cast<size_t>(size), '\0');
  TF_OpKernelConstruction_GetAttrString(host_.construction, name, value.data(), value.size(), host_.status);
  raise(host_.status);
  return value;
}

std::vector<int32_t> OpAttributes::integers(const char* name) {
  int32_t size = 0;
  int32_t bytes = 0;
  TF_OpKernelConstruction_GetAttrSize(host_.construction, name, &size, &bytes, host_.status);
  raise(host_.status);
  std::vector<int64_t> wide(static_cast<size_t>(size < 0 ? 0 : size));
  TF_OpKernelConstruction_GetAttrInt64List(host_.construction, name, wide.data(), static_cast<int>(wide.size()), host_.status);
  raise(host_.status);
  std::vector<int32_t> values;
  for (const int64_t value : wide) {
    if (value < INT32_MIN || value > INT32_MAX) fail(std::string(name) + " has a number beyond 32 bits");
    values.push_back(static_cast<int32_t>(value));
  }
  return values;
}

const Implementation& implementation_for(bool bfloat16) {
  if (!bfloat16) return implementation();
  static const Implementation* const found = bfloat16_implementation();
  if (found == nullptr) fail("this processor has no instructions for products of bfloat16");
  return *found;
}

namespace detail {
namespace {

void compute(void* op, TF_OpKernelContext* context) {
  reporting(context, [&] {
    OpContext::Host host(context);
    OpContext run(host);
    static_cast<const Op*>(op)->run(run);
  });
}

void remove(void* op) { delete static_cast<Op*>(op); }

}  // namespace

void* create(TF_OpKernelConstruction* construction, MakeOp make) {
  Op* made = nullptr;
  reporting(construction, [&] {
    OpAttributes::Host host(construction);
    OpAttributes attributes(host);
    made = make(attributes);
  });
  return made;
}

void register_op(const OpDefinition& definition, MakeOp, void* (*create)(TF_OpKernelConstruction*)) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(definition.name);
  for (const char* spec : definition.attributes) TF_OpDefinitionBuilderAddAttr(builder, spec);
  for (const char* spec : definition.inputs) TF_OpDefinitionBuilderAddInput(builder, spec);
  for (const char* spec : definition.outputs) TF_OpDefinitionBuilderAddOutput(builder, spec);
  TF_RegisterOpDefinition(builder, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(definition.name, "CPU", create, compute, remove);
    TF_RegisterKernelBuilder(definition.name, kernel, status);
  }
  const OpError error{TF_GetCode(status), std::string(definition.name) + ": " + TF_Message(status)};
  TF_DeleteStatus(status);
  if (error.code != TF_OK) throw error;
}

}  // namespace detail
}  // namespace unroll
