/** Where to go after the login: a path of this application, never another site. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/') || /^\/[/\\]/.test(next)) return '/';
  const target = new URL(next, 'http://lemni.invalid');
  if (target.host !== 'lemni.invalid' || target.pathname === '/login') return '/';
  return target.pathname + target.search + target.hash;
}
