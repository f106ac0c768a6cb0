import { LoaderCircle } from 'lucide-react';
import './spinner.css';

/** Work of unknown length. */
export function Spinner({ label }: { readonly label: string }) {
  return (
    <output className="spinner">
      <LoaderCircle size={16} aria-hidden className="spinner__wheel" />
      {label}
    </output>
  );
}
