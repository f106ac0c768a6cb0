const words: Readonly<Record<string, string>> = {
  '+': '+ sum',
  '-': '− difference',
  '*': '× product unit by unit',
  '/': '÷ quotient',
  min: 'min of two',
  max: 'max of two',
  softmax: 'softmax over units',
  layernorm: 'layernorm over units',
};

/** An operation's name in a list. */
export const operationWords = (name: string): string => words[name] ?? name;
