#pragma once

// A function that the host may call, under its own name.
#define UNROLL_EXPORT extern "C" __attribute__((used, visibility("default")))
