// TensorFlow's side of an op: what a run and a construction are there, and how errors reach the caller.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "op.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace unroll {

inline void raise(TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) throw OpError{TF_GetCode(status), TF_Message(status)};
}

struct OpContext::Host {
  explicit Host(TF_OpKernelContext* given) : context(given), status(TF_NewStatus()), tensors(static_cast<size_t>(TF_NumInputs(given)), nullptr) {}
  ~Host() {
    for (TF_Tensor* tensor : tensors)
      if (tensor != nullptr) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  TF_Tensor* input(int index) {
    TF_Tensor*& tensor = tensors.at(static_cast<size_t>(index));
    if (tensor == nullptr) {
      TF_GetInput(context, index, &tensor, status);
      raise(status);
    }
    return tensor;
  }

  TF_OpKernelContext* context;
  TF_Status* status;
  std::vector<TF_Tensor*> tensors;
};

struct OpAttributes::Host {
  explicit Host(TF_OpKernelConstruction* given) : construction(given), status(TF_NewStatus()) {}
  ~Host() { TF_DeleteStatus(status); }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  TF_OpKernelConstruction* construction;
  TF_Status* status;
};

namespace detail {

inline void failed(TF_OpKernelContext* context, TF_Status* status) { TF_OpKernelContext_Failure(context, status); }
inline void failed(TF_OpKernelConstruction* construction, TF_Status* status) { TF_OpKernelConstruction_Failure(construction, status); }

template <class Caller>
void report(Caller* caller, const OpError& error) {
  TF_Status* status = TF_NewStatus();
  TF_SetStatus(status, static_cast<TF_Code>(error.code), error.message.c_str());
  failed(caller, status);
  TF_DeleteStatus(status);
}

// Runs `body`; what it throws becomes the caller's error.
template <class Caller, class Body>
void reporting(Caller* caller, const Body& body) {
  try {
    body();
  } catch (const OpError& error) {
    report(caller, error);
  } catch (const std::exception& error) {
    report(caller, OpError{TF_INTERNAL, error.what()});
  }
}

}  // namespace detail
}  // namespace unroll
