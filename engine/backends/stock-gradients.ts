import { createRequire } from 'node:module';

// Not imported: Node would read megabytes of CommonJS for the names of exports first.
const require = createRequire(import.meta.url);
require('@tensorflow/tfjs');
