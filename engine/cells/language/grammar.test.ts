import { grammar } from 'ohm-js';
import { expect, it } from 'vitest';
import { lineGrammar } from './grammar.ts';

it('is what the recipe beside it was made of', async () => {
  await expect(`${grammar(lineGrammar).toRecipe()}\n`).toMatchFileSnapshot('grammar-recipe.json');
});
