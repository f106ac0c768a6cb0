import { protocol, type Session } from 'electron';
import { securityHeaders } from './content-security-policy.ts';
import { appScheme, isAppAddress } from './security.ts';
import { staticFile } from './static-file.ts';

/** Before the app is ready: `app:` behaves like `https:`, with an origin of its own. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built window, each answer with the security headers. */
export function serveApp(session: Session, root: string): void {
  session.protocol.handle(appScheme, async (request) => {
    const file = isAppAddress(request.url) ? await staticFile(root, new URL(request.url).pathname) : null;
    if (file === null) return new Response('Not found', { status: 404, headers: securityHeaders('') });
    return new Response(file.body, { headers: { ...securityHeaders(''), 'Content-Type': file.type } });
  });
}
