/** Largest relative error that a backend may show against the JavaScript backend. Float32 noise is near 1e-6, a wrong kernel near 1. */
export const selfCheckLimit = 1e-3;

/** The same where matrix products round their operands to TF32's 10 bits: an error of 5e-4 each, which a sequence carries on. */
export const tf32CheckLimit = 2e-2;

/**
 * The same where a training step rounds the factors of its products to bfloat16's 8 bits: an error of 4e-3 each, eight times that of TF32,
 * and the gates' gradients are rounded before each step back through time. The kernels show a fifth of it.
 */
export const bfloat16CheckLimit = 8e-2;

/**
 * The same where cuDNN computes in float16: as many bits, but what is kept between steps is rounded as well. The reference kernels
 * (`engine/kernels/cudnn/test`) show a tenth of it.
 */
export const float16CheckLimit = 2e-2;
