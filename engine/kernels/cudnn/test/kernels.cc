// For tests only: TensorFlow defines cuDNN's ops everywhere, but has kernels for them on a GPU alone. This addon registers kernels of
// ours for the processor, over reference.cc, with the checks that TensorFlow's kernels make.
#include <node_api.h>

#include <atomic>
#include <cstdlib>
#include <limits>
#include <memory>

#include "numbers.h"
#include "op.h"
#include "reference.h"
#include "tensorflow_host.h"

namespace {

using numbers::Numbers;
using numbers::Shape;
using reference::Layer;
using reference::Rounding;
using unroll::fail;
using unroll::OpAttributes;
using unroll::OpContext;

float* output(Numbers& numbers, int index, const Shape& shape, bool wanted = true) {
  float* values = numbers.out(index, wanted ? shape : Shape{});
  if (!wanted) *values = std::numeric_limits<float>::quiet_NaN();
  return wanted ? values : nullptr;
}

// What all of the ops have in common.
class Common {
 public:
  explicit Common(OpAttributes::Host& host) {
    OpAttributes attributes(host);
    layer_.mode = attributes.text("rnn_mode");
    layer_.directions = attributes.text("direction") == "bidirectional" ? 2 : 1;
    if (attributes.text("input_mode") != "linear_input") fail("input_mode is not linear_input");
    float dropout = 0;
    TF_OpKernelConstruction_GetAttrFloat(host.construction, "dropout", &dropout, host.status);
    unroll::raise(host.status);
    if (dropout != 0) fail("dropout is not 0");
  }

 protected:
  Layer layer_;
};

class Sequence : public Common {
 public:
  explicit Sequence(OpAttributes::Host& host) : Common(host) {
    OpAttributes attributes(host);
    if (!attributes.boolean("time_major")) fail("time_major is not set");
    if (attributes.integer("num_proj") != 0) fail("num_proj is not 0");
  }

 protected:
  Layer read(OpContext& run, Numbers& numbers, reference::Inputs* in) {
    Layer layer = layer_;
    const Shape x = run.shape(0), h = run.shape(1);
    if (x.size() != 3 || h.size() != 3) fail("RNN input must be a 3-D vector.");
    layer.steps = x[0];
    layer.rows = x[1];
    layer.inputs = x[2];
    layer.hidden = h[2];
    const Rounding plain = std::getenv("UNROLL_TEST_TF32") == nullptr ? Rounding::none : Rounding::tf32;
    layer.rounding = numbers.half() ? Rounding::float16 : plain;
    const Shape states = {layer.directions, layer.rows, layer.hidden};
    *in = {numbers.in(0, x, "input"), numbers.in(1, states, "input_h"), layer.mode == "lstm" ? numbers.in(2, states, "input_c") : nullptr,
           numbers.in(3, {layer.parameters()}, "params"), run.ints(4, {layer.rows}, "sequence_lengths")};
    bool padded = false;
    for (int64_t b = 0; b < layer.rows; b++) {
      if (in->lengths[b] < 1 || in->lengths[b] > layer.steps) fail("sequence_lengths must be 1 ... T");
      padded = padded || in->lengths[b] < layer.steps;
    }
    // TensorFlow's kernel decides on padding when it first sees a shape, and keeps to it.
    int expected = -1;
    if (!padded_.compare_exchange_strong(expected, padded) && expected != static_cast<int>(padded))
      fail("the descriptor of these shapes was made for batches of the other kind of padding");
    return layer;
  }

 private:
  std::atomic<int> padded_{-1};
};

class Forward : public Sequence {
 public:
  explicit Forward(OpAttributes::Host& host) : Sequence(host), training_(OpAttributes(host).boolean("is_training")) {}

  void run(OpContext& run, TF_OpKernelContext* context) {
    reference::Inputs in;
    Numbers numbers(run, context);
    const Layer layer = read(run, numbers, &in);
    const Shape states = {layer.directions, layer.rows, layer.hidden};
    const bool lstm = layer.mode == "lstm";
    reference::forward(layer, in,
                       {output(numbers, 0, {layer.steps, layer.rows, layer.directions * layer.hidden}), output(numbers, 1, states),
                        output(numbers, 2, states, lstm), output(numbers, 3, {layer.reserve()}, training_)});
    std::unique_ptr<TF_Status, void (*)(TF_Status*)> status(TF_NewStatus(), TF_DeleteStatus);
    TF_Tensor* host = TF_AllocateOutput(context, 4, TF_INT8, nullptr, 0, 1, status.get());
    unroll::raise(status.get());
    *static_cast<int8_t*>(TF_TensorData(host)) = 7;
    TF_DeleteTensor(host);
  }

 private:
  bool training_;
};

class Backward : public Sequence {
 public:
  using Sequence::Sequence;

  void run(OpContext& run, TF_OpKernelContext* context) {
    reference::Inputs in;
    Numbers numbers(run, context);
    const Layer layer = read(run, numbers, &in);
    const Shape states = {layer.directions, layer.rows, layer.hidden};
    const Shape sequence = {layer.steps, layer.rows, layer.directions * layer.hidden};
    const bool lstm = layer.mode == "lstm";
    const float* out = numbers.in(5, sequence, "output");
    numbers.in(6, states, "output_h");
    if (lstm) numbers.in(7, states, "output_c");
    const reference::Upstream up = {numbers.in(8, sequence, "output_backprop"), numbers.in(9, states, "output_h_backprop"),
                                    lstm ? numbers.in(10, states, "output_c_backprop") : nullptr};
    const float* reserve = numbers.in(11, {layer.reserve()}, "reserve_space");
    std::unique_ptr<TF_Status, void (*)(TF_Status*)> status(TF_NewStatus(), TF_DeleteStatus);
    TF_Tensor* host = nullptr;
    TF_GetInput(context, 12, &host, status.get());
    const bool same = host != nullptr && TF_TensorType(host) == TF_INT8 && *static_cast<int8_t*>(TF_TensorData(host)) == 7;
    if (host != nullptr) TF_DeleteTensor(host);
    if (!same) fail("host_reserved is not what the forward op gave");
    reference::backward(layer, in, reserve, out, up,
                        {output(numbers, 0, {layer.steps, layer.rows, layer.inputs}), output(numbers, 1, states), output(numbers, 2, states, lstm),
                         output(numbers, 3, {layer.parameters()})});
  }
};

class Conversion : public Common {
 public:
  explicit Conversion(OpAttributes::Host& host) : Common(host), count_(OpAttributes(host).integer("num_params")) {
    if (count_ != 2 * layer_.directions * layer_.gates()) fail("Number of params mismatch");
  }

 protected:
  Layer read(OpContext& run) {
    Layer layer = layer_;
    if (*run.ints(0, {}, "num_layers") != 1) fail("num_layers is not 1");
    layer.hidden = *run.ints(1, {}, "num_units");
    layer.inputs = *run.ints(2, {}, "input_size");
    return layer;
  }
  // Calls visit(index, place of its matrix, its width, place of its bias) in the canonical order.
  template <class Visit>
  static void each(const Layer& layer, Visit visit) {
    int index = 0;
    for (int direction = 0; direction < layer.directions; direction++)
      for (int half = 0; half < 2; half++)
        for (int gate = 0; gate < layer.gates(); gate++, index++)
          visit(index, layer.matrix_at(direction, half, gate), half == 0 ? layer.inputs : layer.hidden, layer.bias_at(direction, half, gate));
  }
  int count_;
};

class ToParams : public Conversion {
 public:
  using Conversion::Conversion;
  void run(OpContext& run, TF_OpKernelContext* context) {
    Numbers numbers(run, context);
    const Layer layer = read(run);
    float* packed = numbers.out(0, {layer.parameters()});
    each(layer, [&](int index, int64_t matrix, int64_t width, int64_t bias) {
      const float* weights = numbers.in(3 + index, {layer.hidden, width}, "weights");
      std::copy(weights, weights + layer.hidden * width, packed + matrix);
      const float* biases = numbers.in(3 + count_ + index, {layer.hidden}, "biases");
      std::copy(biases, biases + layer.hidden, packed + bias);
    });
  }
};

class FromParams : public Conversion {
 public:
  using Conversion::Conversion;
  void run(OpContext& run, TF_OpKernelContext* context) {
    Numbers numbers(run, context);
    const Layer layer = read(run);
    const float* packed = numbers.in(3, {layer.parameters()}, "params");
    each(layer, [&](int index, int64_t matrix, int64_t width, int64_t bias) {
      std::copy(packed + matrix, packed + matrix + layer.hidden * width, numbers.out(index, {layer.hidden, width}));
      std::copy(packed + bias, packed + bias + layer.hidden, numbers.out(count_ + index, {layer.hidden}));
    });
  }
};

template <class Kernel>
void register_kernel(const char* name, TF_DataType type) {
  std::unique_ptr<TF_Status, void (*)(TF_Status*)> status(TF_NewStatus(), TF_DeleteStatus);
  TF_KernelBuilder* builder = TF_NewKernelBuilder(
      name, "CPU",
      [](TF_OpKernelConstruction* construction) -> void* {
        Kernel* made = nullptr;
        unroll::detail::reporting(construction, [&] {
          OpAttributes::Host host(construction);
          made = new Kernel(host);
        });
        return made;
      },
      [](void* kernel, TF_OpKernelContext* context) {
        unroll::detail::reporting(context, [&] {
          OpContext::Host host(context);
          OpContext run(host);
          static_cast<Kernel*>(kernel)->run(run, context);
        });
      },
      [](void* kernel) { delete static_cast<Kernel*>(kernel); });
  TF_KernelBuilder_TypeConstraint(builder, "T", type, status.get());
  TF_RegisterKernelBuilder(name, builder, status.get());
}

napi_value start(napi_env, napi_value exports) {
  static const bool registered = [] {
    for (const TF_DataType type : {TF_FLOAT, TF_HALF}) {
      register_kernel<Forward>("CudnnRNNV3", type);
      register_kernel<Backward>("CudnnRNNBackpropV3", type);
      register_kernel<ToParams>("CudnnRNNCanonicalToParams", type);
      register_kernel<FromParams>("CudnnRNNParamsToCanonical", type);
    }
    return true;
  }();
  (void)registered;
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, start)
