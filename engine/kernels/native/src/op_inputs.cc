// What every host has in common: how an op's inputs are checked.
#include "op.h"

namespace unroll {

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t index = 0; index < shape.size(); index++) text += (index == 0 ? "" : ", ") + std::to_string(shape[index]);
  return text + "]";
}

namespace {

int64_t size_of(const std::vector<int64_t>& shape) {
  int64_t size = 1;
  for (int64_t dimension : shape) size *= dimension;
  return size;
}

}  // namespace

void* OpContext::checked(int index, ElementType type, const std::vector<int64_t>& expected, const char* name, bool written) {
  void* const numbers = data(index, type, name, written);
  const std::vector<int64_t> found = shape(index);
  if (found != expected) fail(std::string(name) + " must have the shape " + shape_text(expected) + ", but has " + shape_text(found));
  return numbers;
}

const float* OpContext::floats(int index, const std::vector<int64_t>& shape, const char* name) {
  return static_cast<const float*>(checked(index, ElementType::kFloat, shape, name));
}

const float* OpContext::flat_floats(int index, int64_t count, const char* name) {
  const std::vector<int64_t> found = shape(index);
  if (size_of(found) != count) fail(std::string(name) + " must have " + std::to_string(count) + " numbers, but has the shape " + shape_text(found));
  return floats(index, found, name);
}

float* OpContext::floats_in_place(int index, const std::vector<int64_t>& shape, const char* name) {
  return static_cast<float*>(checked(index, ElementType::kFloat, shape, name, true));
}

const int32_t* OpContext::ints(int index, const std::vector<int64_t>& shape, const char* name) {
  return static_cast<const int32_t*>(checked(index, ElementType::kInt32, shape, name));
}

const float* OpContext::optional_floats(int index, const std::vector<int64_t>& expected, const char* name) {
  if (size_of(expected) != 0 && size_of(shape(index)) == 0) return nullptr;
  return floats(index, expected, name);
}

}  // namespace unroll
