/** Words that a name of a cell's equations must not become in the class that is written: Python's own, and what the class uses. */
const taken: ReadonlySet<string> = new Set(
  [
    'False None True and as assert async await break case class continue def del elif else except finally for from global if import in is',
    'lambda match nonlocal not or pass raise return try type while with yield',
    'self x x_t real outputs hidden lengths torch nn Tensor linear real_steps zip max min T_destination',
  ].flatMap((words) => words.split(' ')),
);

/** A name of the equations as a Python name. */
export const pythonName = (name: string): string => (taken.has(name) ? `${name}_` : name);
