import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { listenToKeyboard } from './app/listen-to-keyboard.ts';
import { applyTheme } from './app/use-theme.ts';
import { connectEngine } from './bridge/engine.ts';
import { restoreSession } from './documents/session.ts';
import { useUiStore } from './store/ui-store.ts';
import './ui/theme.css';
import './ui/base.css';

applyTheme(useUiStore.getState().theme);
const restored = restoreSession(sessionStorage);
connectEngine();
listenToKeyboard();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App restored={restored} />
  </StrictMode>,
);
