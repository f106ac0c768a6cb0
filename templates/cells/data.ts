export { columns, rows } from '../agreement/data.ts';
