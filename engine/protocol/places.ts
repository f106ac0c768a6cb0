import type { EventName, MethodName } from './contract.ts';

type GroupOf<Name extends string> = Name extends `${infer Group}.${string}` ? Group : never;
type Place = 'here' | 'there';

/**
 * Who answers while the windows are on another machine: the engine `here`, which has the documents, their copies and the windows, or the
 * one `there`, which has data, devices and runs. A new group of methods does not compile until it stands here.
 */
const places = {
  app: 'there',
  lesson: 'here',
  files: 'there',
  document: 'here',
  blocks: 'here',
  template: 'here',
  data: 'there',
  training: 'there',
  runs: 'there',
  predict: 'there',
  inspect: 'there',
  film: 'there',
  export: 'there',
  import: 'there',
  worker: 'here',
  window: 'here',
  series: 'there',
  machine: 'here',
  transfer: 'there',
  sweep: 'there',
  ray: 'there',
} as const satisfies Readonly<Record<GroupOf<MethodName>, Place>>;

/** Methods that are not where their group is. */
const exceptions: Readonly<Partial<Record<MethodName, Place>>> = {
  'app.hello': 'here',
  // Brought here: the folder is one of this machine.
  'export.pytorch': 'here',
  'export.onnx': 'here',
};

/** Who tells of what happens meanwhile. */
const eventPlaces = {
  setup: 'there',
  blocks: 'here',
  data: 'there',
  run: 'there',
  predict: 'there',
  inspect: 'there',
  film: 'there',
  worker: 'here',
  window: 'here',
  series: 'there',
  machine: 'here',
  sweep: 'there',
} as const satisfies Readonly<Record<GroupOf<EventName>, Place>>;

const groupOf = (name: string): string => name.slice(0, name.indexOf('.'));

/** Of a method that nobody knows the engine here tells. */
export function isThere(method: string): boolean {
  const group = groupOf(method);
  const place =
    exceptions[method as MethodName] ?? (Object.hasOwn(places, group) ? places[group as keyof typeof places] : 'here');
  return place === 'there';
}

export const isThereEvent = (event: EventName): boolean => eventPlaces[groupOf(event) as keyof typeof eventPlaces] === 'there';
