import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { allowsPermission, documentArgument, isAppAddress, isOutsideLink, isTrustedSender } from './security.ts';

describe('addresses', () => {
  it.each(['app://unroll/index.html', 'app://unroll/assets/x.js'])('%s is the app', (address) => {
    expect(isAppAddress(address)).toBe(true);
  });
  it.each([
    'https://example.org',
    'file:///etc/passwd',
    'app://other/index.html',
    'app://unroll.example.org/',
    'app://unroll@evil/',
    'javascript:alert(1)',
    'data:text/html,x',
    '',
  ])('%s is not', (address) => {
    expect(isAppAddress(address)).toBe(false);
  });
  it('hands only plain https links to the browser', () => {
    expect(isOutsideLink('https://pytorch.org/docs')).toBe(true);
    for (const address of [
      'http://pytorch.org',
      'file:///x',
      'https://user:word@host/',
      'smb://share',
      'ms-settings:x',
      'no address',
    ])
      expect(isOutsideLink(address)).toBe(false);
  });
});

describe('senders and permissions', () => {
  it('trusts the main frame of the app only', () => {
    expect(isTrustedSender({ url: 'app://unroll/index.html', parent: null })).toBe(true);
    expect(isTrustedSender({ url: 'app://unroll/index.html', parent: {} })).toBe(false);
    expect(isTrustedSender({ url: 'https://example.org/', parent: null })).toBe(false);
    expect(isTrustedSender(null)).toBe(false);
  });
  it('denies every permission but writing to the clipboard and notices', () => {
    for (const permission of ['media', 'geolocation', 'openExternal', 'clipboard-read', 'hid', 'usb', 'fullscreen'])
      expect(allowsPermission(permission)).toBe(false);
    expect(allowsPermission('clipboard-sanitized-write')).toBe(true);
    expect(allowsPermission('notifications')).toBe(true);
  });
});

describe('content security policy', () => {
  const policy = contentSecurityPolicy('ws://127.0.0.1:1234');
  const directive = (name: string): string | undefined => policy.split('; ').find((part) => part.startsWith(`${name} `));
  it('runs no script but the app’s own', () => {
    expect(directive('default-src')).toBe("default-src 'none'");
    expect(directive('script-src')).toBe("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).not.toContain("'unsafe-eval'");
  });
  it('connects to the engine and nowhere else', () => {
    expect(directive('connect-src')).toBe("connect-src 'self' ws://127.0.0.1:1234");
    expect(contentSecurityPolicy('')).toContain("connect-src 'self'; ");
  });
  it('cannot be framed', () => {
    expect(directive('frame-ancestors')).toBe("frame-ancestors 'none'");
  });
});

describe('documentArgument', () => {
  it('finds a document among flags', () => {
    expect(documentArgument(['unroll', '--inspect', '/home/a b/x.unroll.json'])).toBe('/home/a b/x.unroll.json');
    expect(documentArgument(['electron', '.', '--no-sandbox'])).toBeNull();
    expect(documentArgument(['/x/y.unroll.json'])).toBeNull();
  });
});
