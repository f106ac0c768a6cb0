// TensorFlow's kernels.h asks for this header, which says which platform it is on. The wheel's own is not unpacked, with the hundreds
// that it includes; the smallest platform has all of the kernel API that the ops use.
#pragma once

#define IS_SLIM_BUILD
