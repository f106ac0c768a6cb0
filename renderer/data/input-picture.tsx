import { useEffect, useMemo, useRef } from 'react';
import type { InputView } from '../../engine/protocol/data.ts';
import { runColor } from '../training/run-colors.ts';
import './input-picture.css';
import { describeView, linePaths, mapRaster, pictureRasters, type Raster } from './input-pixels.ts';

interface InputPictureProps {
  readonly view: InputView;
  /** For a look at one input instead of a line in a list. */
  readonly large?: boolean;
}

/** Numeric input as a person sees it: pictures, a spectrogram, or lines over time. */
export function InputPicture({ view, large = false }: InputPictureProps) {
  return (
    <span
      className={`input-picture input-picture--${view.kind} ${large ? 'input-picture--large' : ''}`}
      role="img"
      aria-label={describeView(view)}
      title={describeView(view)}
    >
      {view.kind === 'lines' ? <Lines view={view} /> : <Pictures view={view} />}
    </span>
  );
}

function Pictures({ view }: { readonly view: InputView }) {
  const rasters = useMemo(() => (view.kind === 'pictures' ? pictureRasters(view) : [mapRaster(view)]), [view]);
  return rasters.map((raster, place) => ({ raster, place })).map(({ raster, place }) => <Pixels key={place} raster={raster} />);
}

function Pixels({ raster }: { readonly raster: Raster }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { width, height, rgba } = raster;
    if (width > 0 && height > 0) canvas.current?.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  }, [raster]);
  return <canvas ref={canvas} width={raster.width} height={raster.height} />;
}

function Lines({ view }: { readonly view: Exclude<InputView, { kind: 'pictures' }> }) {
  return (
    <svg viewBox="0 -4 100 108" preserveAspectRatio="none" aria-hidden="true">
      {linePaths(view)
        .map((path, feature) => ({ path, feature }))
        .map(({ path, feature }) => (
          <path key={feature} d={path} style={{ stroke: `var(${runColor(feature + 1).color})` }} />
        ))}
    </svg>
  );
}
