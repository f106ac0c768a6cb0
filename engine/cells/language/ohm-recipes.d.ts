import 'ohm-js';

/** What Ohm exports and does not declare: a grammar that it has read, as data (JSON). */
declare module 'ohm-js' {
  interface Grammar {
    toRecipe(): string;
  }
  /** @param recipe what `toRecipe` wrote, parsed */
  function makeRecipe(recipe: readonly unknown[]): Grammar;
}
