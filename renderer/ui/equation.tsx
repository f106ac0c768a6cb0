import { lazy } from 'react';

const load = () => import('./typeset-equation.tsx');

/** A formula, inside of a `Suspense`: what sets it in type is large, and loaded with the first one. */
export const Equation = lazy(async () => ({ default: (await load()).TypesetEquation }));

/** Loads it before it is needed. */
export const loadEquations = (): void => void load();
