/** In the place of a view that has nothing to show. */
export function NothingRecurs() {
  return (
    <p className="microscope__none">
      Nothing in this network recurs: there are no gates and states to look at. The cards on the canvas show what each layer
      gives.
    </p>
  );
}
