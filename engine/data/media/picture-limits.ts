/** A picture with more pixels than this is refused: it would be shrunk to some thousand anyway. */
const mostPixels = 50_000_000;

/** Before anything is decoded. @throws Error saying how many pixels there are */
export function checkPixels(width: number, height: number): void {
  if (width === 0 || height === 0) throw new Error(`it says ${width} × ${height} pixels`);
  if (width * height > mostPixels) throw new Error(`${width} × ${height} pixels are too many`);
}
