/**
 * One line; lines are parsed on their own, so that a wrong one hides no other.
 *
 * Ohm would take a fifth of a second to read it, each time a window, an engine or a command starts. So its recipe is kept beside it
 * (`grammar-recipe.json`): after a change, `npx vitest run engine/cells/language -u` writes it anew.
 */
export const lineGrammar = `
  Cell {
    Line = Statement? Comment? end
    Comment = "#" rest
    rest = any*
    Statement
      = wordWidth name "=" number                  -- width
      | wordStart name "=" signed                  -- start
      | name "'" "=" Sum                           -- next
      | name "=" Sum                               -- value
    Sum = Term (("+" | "-") Term)*
    Term = Factor (("*" | "/") Factor)*
    Factor
      = "-" Factor                                 -- negative
      | Beside
    Beside = Atom+
    Atom
      = "(" Sum ")"                                -- group
      | number
      | called "(" Arguments ")"                   -- call
      | name "'"                                   -- next
      | name
    Arguments = ListOf<Sum, ",">
    wordWidth = "width" &space
    wordStart = "start" &space
    called = ~capital name &(space* "(")
    name (a name) = latin (latin | digit | "_")*
    latin = "a".."z" | capital
    capital = "A".."Z"
    signed (a number) = "-"? space* number
    number (a number) = digits ~latin
    digits = mantissa exponent?
    mantissa = digit+ ("." digit+)?                -- whole
      | "." digit+                                 -- fraction
    exponent = ("e" | "E") ("+" | "-")? digit+
  }
`;
