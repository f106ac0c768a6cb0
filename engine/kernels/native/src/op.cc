#include "op.h"

#include "problem.h"

namespace unroll {

void fail(const std::string& message) { throw OpError{TF_INVALID_ARGUMENT, message}; }

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t index = 0; index < shape.size(); index++) text += (index == 0 ? "" : ", ") + std::to_string(shape[index]);
  return text + "]";
}

namespace {

void raise(TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) throw OpError{TF_GetCode(status), TF_Message(status)};
}

int64_t size_of(const std::vector<int64_t>& shape) {
  int64_t size = 1;
  for (int64_t dimension : shape) size *= dimension;
  return size;
}

}  // namespace

OpContext::OpContext(TF_OpKernelContext* context)
    : context_(context), status_(TF_NewStatus()), tensors_(static_cast<size_t>(TF_NumInputs(context)), nullptr) {}

OpContext::~OpContext() {
  for (TF_Tensor* tensor : tensors_)
    if (tensor != nullptr) TF_DeleteTensor(tensor);
  TF_DeleteStatus(status_);
}

int OpContext::inputs() const { return TF_NumInputs(context_); }

TF_Tensor* OpContext::input(int index) {
  TF_Tensor*& tensor = tensors_.at(static_cast<size_t>(index));
  if (tensor == nullptr) {
    TF_GetInput(context_, index, &tensor, status_);
    raise(status_);
  }
  return tensor;
}

std::vector<int64_t> OpContext::shape(int index) {
  TF_Tensor* tensor = input(index);
  std::vector<int64_t> shape;
  for (int axis = 0; axis < TF_NumDims(tensor); axis++) shape.push_back(TF_Dim(tensor, axis));
  return shape;
}

const void* OpContext::checked(int index, TF_DataType type, const std::vector<int64_t>& expected, const char* name) {
  TF_Tensor* tensor = input(index);
  if (TF_TensorType(tensor) != type) fail(std::string(name) + " has the wrong element type");
  const std::vector<int64_t> found = shape(index);
  if (found != expected) fail(std::string(name) + " must have the shape " + shape_text(expected) + ", but has " + shape_text(found));
  return TF_TensorData(tensor);
}

const float* OpContext::floats(int index, const std::vector<int64_t>& shape, const char* name) {
  return static_cast<const float*>(checked(index, TF_FLOAT, shape, name));
}

const float* OpContext::flat_floats(int index, int64_t count, const char* name) {
  const std::vector<int64_t> found = shape(index);
  if (size_of(found) != count) fail(std::string(name) + " must have " + std::to_string(count) + " numbers, but has the shape " + shape_text(found));
  return floats(index, found, name);
}

float* OpContext::floats_in_place(int index, const std::vector<int64_t>& shape, const char* name) {
  return const_cast<float*>(floats(index, shape, name));
}

const int32_t* OpContext::ints(int index, const std::vector<int64_t>& shape, const char* name) {
  return static_cast<const int32_t*>(checked(index, TF_INT32, shape, name));
}

const float* OpContext::optional_floats(int index, const std::vector<int64_t>& expected, const char* name) {
  if (size_of(expected) != 0 && size_of(shape(index)) == 0) return nullptr;
  return floats(index, expected, name);
}

float* OpContext::output(int index, const std::vector<int64_t>& shape) {
  TF_Tensor* tensor = TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                                        static_cast<size_t>(size_of(shape)) * sizeof(float), status_);
  if (tensor != nullptr) tensors_.push_back(tensor);
  raise(status_);
  return static_cast<float*>(TF_TensorData(tensor));
}

OpAttributes::OpAttributes(TF_OpKernelConstruction* construction) : construction_(construction), status_(TF_NewStatus()) {}
OpAttributes::~OpAttributes() { TF_DeleteStatus(status_); }

void OpAttributes::check() { raise(status_); }

bool OpAttributes::boolean(const char* name) {
  TF_Bool value = 0;
  TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status_);
  check();
  return value != 0;
}

int OpAttributes::integer(const char* name) {
  int64_t value = 0;
  TF_OpKernelConstruction_GetAttrInt64(construction_, name, &value, status_);
  check();
  return static_cast<int>(value);
}

float OpAttributes::number(const char* name) {
  float value = 0;
  TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_);
  check();
  return value;
}

std::string OpAttributes::text(const char* name) {
  int32_t list = 0;
  int32_t size = 0;
  TF_OpKernelConstruction_GetAttrSize(construction_, name, &list, &size, status_);
  check();
  std::string value(static_cast<size_t>(size), '\0');
  TF_OpKernelConstruction_GetAttrString(construction_, name, value.data(), value.size(), status_);
  check();
  return value;
}

std::vector<int32_t> OpAttributes::integers(const char* name) {
  int32_t size = 0;
  int32_t bytes = 0;
  TF_OpKernelConstruction_GetAttrSize(construction_, name, &size, &bytes, status_);
  check();
  std::vector<int64_t> wide(static_cast<size_t>(size < 0 ? 0 : size));
  TF_OpKernelConstruction_GetAttrInt64List(construction_, name, wide.data(), static_cast<int>(wide.size()), status_);
  check();
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

void register_op(const OpDefinition& definition, void* (*create)(TF_OpKernelConstruction*), void (*compute)(void*, TF_OpKernelContext*),
                 void (*remove)(void*)) {
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

namespace {
template <class Failing>
void report_to(Failing failing, const OpError& error) {
  TF_Status* status = TF_NewStatus();
  TF_SetStatus(status, error.code, error.message.c_str());
  failing(status);
  TF_DeleteStatus(status);
}
}  // namespace

void report(TF_OpKernelContext* context, const OpError& error) {
  report_to([&](TF_Status* status) { TF_OpKernelContext_Failure(context, status); }, error);
}

void report(TF_OpKernelConstruction* construction, const OpError& error) {
  report_to([&](TF_Status* status) { TF_OpKernelConstruction_Failure(construction, status); }, error);
}

OpError unexpected(const char* what) { return {TF_INTERNAL, what}; }

}  // namespace detail
}  // namespace unroll
