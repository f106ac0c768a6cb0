#include "fake_tensorflow.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

struct TSL_Status {
  TSL_Code code = TSL_OK;
  std::string message;
};
struct TF_Tensor {
  fake::Tensor* tensor;
};
struct TF_KernelBuilder {
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*remove)(void*);
};
struct TF_OpDefinitionBuilder {};
struct TF_OpKernelConstruction {
  const fake::Attributes* attributes;
  std::string error;
};
struct TF_OpKernelContext {
  std::vector<fake::Tensor> inputs;
  std::vector<fake::Tensor> outputs;
  std::string error;
};

namespace fake {
namespace {
std::map<std::string, TF_KernelBuilder>& kernels() {
  static std::map<std::string, TF_KernelBuilder> all;
  return all;
}
size_t size_of(TF_DataType type, const std::vector<int64_t>& shape) {
  size_t size = type == TF_FLOAT || type == TF_INT32 ? 4 : 8;
  for (int64_t dimension : shape) size *= static_cast<size_t>(dimension);
  return size;
}
}  // namespace

Tensor::Tensor(TF_DataType type, std::vector<int64_t> shape) : type(type), shape(shape), data(size_of(type, shape)) {}

Result run(const std::string& op, const Attributes& attributes, const std::vector<Tensor>& inputs, int outputs) {
  const TF_KernelBuilder& kernel = kernels().at(op);
  TF_OpKernelConstruction construction{&attributes, ""};
  void* made = kernel.create(&construction);
  if (!construction.error.empty()) return {construction.error, {}, {}};
  TF_OpKernelContext context{inputs, std::vector<Tensor>(static_cast<size_t>(outputs)), ""};
  kernel.compute(made, &context);
  kernel.remove(made);
  return {context.error, std::move(context.outputs), std::move(context.inputs)};
}
}  // namespace fake

extern "C" {

TF_Status* TF_NewStatus() { return new TSL_Status; }
void TF_DeleteStatus(TF_Status* status) { delete status; }
void TF_SetStatus(TF_Status* status, TF_Code code, const char* message) { *status = {code, message}; }
TF_Code TF_GetCode(const TF_Status* status) { return status->code; }
const char* TF_Message(const TF_Status* status) { return status->message.c_str(); }

TF_DataType TF_TensorType(const TF_Tensor* tensor) { return tensor->tensor->type; }
int TF_NumDims(const TF_Tensor* tensor) { return static_cast<int>(tensor->tensor->shape.size()); }
int64_t TF_Dim(const TF_Tensor* tensor, int axis) { return tensor->tensor->shape.at(static_cast<size_t>(axis)); }
void* TF_TensorData(const TF_Tensor* tensor) { return tensor->tensor->data.data(); }
void TF_DeleteTensor(TF_Tensor* tensor) { delete tensor; }

int TF_NumInputs(TF_OpKernelContext* context) { return static_cast<int>(context->inputs.size()); }
void TF_GetInput(TF_OpKernelContext* context, int index, TF_Tensor** tensor, TF_Status* status) {
  if (index < 0 || index >= TF_NumInputs(context)) return TF_SetStatus(status, TF_OUT_OF_RANGE, "no such input");
  *tensor = new TF_Tensor{&context->inputs[static_cast<size_t>(index)]};
}
TF_Tensor* TF_AllocateOutput(TF_OpKernelContext* context, int index, TF_DataType type, const int64_t* dims, int count, size_t bytes, TF_Status* status) {
  fake::Tensor& output = context->outputs.at(static_cast<size_t>(index));
  output = fake::Tensor(type, std::vector<int64_t>(dims, dims + count));
  if (output.data.size() != bytes) TF_SetStatus(status, TF_INTERNAL, "the output's size is not its shape's");
  return new TF_Tensor{&output};
}
void TF_OpKernelContext_Failure(TF_OpKernelContext* context, TF_Status* status) { context->error = TF_Message(status); }

void TF_OpKernelConstruction_Failure(TF_OpKernelConstruction* construction, TF_Status* status) { construction->error = TF_Message(status); }
void TF_OpKernelConstruction_GetAttrSize(TF_OpKernelConstruction* construction, const char* name, int32_t* list, int32_t* total, TF_Status*) {
  const auto& lists = construction->attributes->integers;
  const auto found = lists.find(name);
  *list = found == lists.end() ? -1 : static_cast<int32_t>(found->second.size());
  *total = found == lists.end() ? static_cast<int32_t>(construction->attributes->text.at(name).size()) : -1;
}
void TF_OpKernelConstruction_GetAttrString(TF_OpKernelConstruction* construction, const char* name, char* value, size_t most, TF_Status*) {
  std::memcpy(value, construction->attributes->text.at(name).data(), most);
}
void TF_OpKernelConstruction_GetAttrBool(TF_OpKernelConstruction* construction, const char* name, TF_Bool* value, TF_Status*) {
  *value = construction->attributes->integer.at(name) != 0;
}
void TF_OpKernelConstruction_GetAttrInt64(TF_OpKernelConstruction* construction, const char* name, int64_t* value, TF_Status*) {
  *value = construction->attributes->integer.at(name);
}
void TF_OpKernelConstruction_GetAttrInt64List(TF_OpKernelConstruction* construction, const char* name, int64_t* values, int most, TF_Status*) {
  const std::vector<int64_t>& all = construction->attributes->integers.at(name);
  std::copy(all.begin(), all.begin() + most, values);
}
void TF_OpKernelConstruction_GetAttrFloat(TF_OpKernelConstruction*, const char*, float*, TF_Status*) { std::abort(); }

TF_OpDefinitionBuilder* TF_NewOpDefinitionBuilder(const char*) { return new TF_OpDefinitionBuilder; }
void TF_OpDefinitionBuilderAddAttr(TF_OpDefinitionBuilder*, const char*) {}
void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder*, const char*) {}
void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder*, const char*) {}
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder* builder, TF_Status*) { delete builder; }
TF_KernelBuilder* TF_NewKernelBuilder(const char*, const char*, void* (*create)(TF_OpKernelConstruction*),
                                      void (*compute)(void*, TF_OpKernelContext*), void (*remove)(void*)) {
  return new TF_KernelBuilder{create, compute, remove};
}
void TF_RegisterKernelBuilder(const char* name, TF_KernelBuilder* builder, TF_Status*) {
  fake::kernels()[name] = *builder;
  delete builder;
}

}  // extern "C"
