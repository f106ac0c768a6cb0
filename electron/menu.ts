import { type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The menu bar. Items send the id of one of the window's commands; their keys are shown but left to the window, which handles them
 * the same way in both shells and keeps quiet while text is typed.
 */
export function installMenu(window: BrowserWindow): void {
  const command = (label: string, id: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    click: () => window.webContents.send('menu:command', id),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('New', 'document.new', 'CmdOrCtrl+Alt+N'),
        command('New from Template…', 'document.templates'),
        command('Open…', 'document.open', 'CmdOrCtrl+O'),
        { role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] },
        separator,
        command('Save', 'document.save', 'CmdOrCtrl+S'),
        command('Save As…', 'document.save-as', 'CmdOrCtrl+Shift+S'),
        separator,
        command('Import a PyTorch Model…', 'document.import'),
        command('Export PyTorch Code or ONNX…', 'document.export', 'CmdOrCtrl+E'),
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        command('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
        command('Redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
        separator,
        // Roles: the clipboard also serves text fields; the window hears the same events on the canvas.
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        command('Duplicate', 'edit.duplicate', 'CmdOrCtrl+D'),
        command('Delete', 'edit.delete', 'Delete'),
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        command('Zoom In', 'view.zoom-in', 'Plus'),
        command('Zoom Out', 'view.zoom-out', '-'),
        command('Zoom to Fit', 'view.fit', 'F'),
        command('Arrange the Graph', 'view.arrange', 'L'),
        separator,
        command('Light or Dark', 'view.theme'),
        { role: 'togglefullscreen' },
        ...(process.env['UNROLL_DEBUG'] ? [{ role: 'toggleDevTools' } as const] : []),
      ],
    },
    {
      label: '&Train',
      submenu: [command('Train, Pause or Continue', 'training.toggle', 'CmdOrCtrl+Return'), command('Stop', 'training.stop')],
    },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    {
      role: 'help',
      submenu: [
        command('Command Palette…', 'help.palette', 'CmdOrCtrl+K'),
        command('Keyboard Shortcuts', 'help.shortcuts', '?'),
        command('Updates…', 'help.updates'),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
