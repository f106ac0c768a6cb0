// The addon's entry: loading it registers the ops with the TensorFlow that is loaded already, and exports what it did.
#include <node_api.h>

#include "op.h"
#include "ops.h"
#include "problem.h"
#include "step/ops.h"

namespace {

void register_all() {
  unroll::register_recurrence();
  unroll::register_program();
  unroll::register_adam();
  unroll::register_rows();
  unroll::register_cross_entropy();
  unroll::register_correct();
  unroll::register_linear();
  unroll::register_pool();
  unroll::register_losses();
  unroll::register_step();
  unroll::register_product();
}

napi_value start(napi_env env, napi_value exports) {
  // TensorFlow's registry outlives this module, which a process may load once for each of its environments.
  static const std::string problem = [] {
    try {
      register_all();
      return std::string();
    } catch (const unroll::OpError& error) {
      return error.message;
    } catch (const std::exception& error) {
      return std::string(error.what());
    }
  }();
  if (!problem.empty()) {
    napi_throw_error(env, nullptr, problem.c_str());
    return nullptr;
  }
  const char* name = unroll::implementation().name;
  napi_value text;
  if (napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &text) == napi_ok) napi_set_named_property(env, exports, "instructions", text);
  napi_value bfloat16;
  if (napi_get_boolean(env, unroll::bfloat16_implementation() != nullptr, &bfloat16) == napi_ok) napi_set_named_property(env, exports, "bfloat16", bfloat16);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, start)
