/** Largest relative error that a backend may show against the JavaScript backend. Float32 noise is near 1e-6, a wrong kernel near 1. */
export const selfCheckLimit = 1e-3;
