import { lazy } from 'react';

/** A formula, inside of a `Suspense`: what sets it in type is large, and loaded with the first one. */
export const Equation = lazy(async () => ({ default: (await import('./typeset-equation.tsx')).TypesetEquation }));
