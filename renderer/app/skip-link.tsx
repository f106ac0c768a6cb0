import { focusPort } from '../canvas/focus-node.ts';
import { useUiStore } from '../store/ui-store.ts';
import './skip-link.css';

/** The first stop of Tab: past the title bar, the tools and the layers. */
export function SkipLink() {
  const design = useUiStore((s) => s.tab === 'design');
  return (
    <a
      className="skip-link button button--primary"
      href={design ? '#canvas' : '#main'}
      onClick={(event) => {
        event.preventDefault();
        if (design) focusPort(null);
        else document.querySelector('main')?.focus();
      }}
    >
      {design ? 'Skip to canvas' : 'Skip to content'}
    </a>
  );
}
