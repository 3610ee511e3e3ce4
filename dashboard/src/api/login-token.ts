let token: string | undefined;

/** Takes `?token=` of a one-time link out of the URL and remembers it for the login page. Once, at start. */
export function takeLoginToken(): void {
  const url = new URL(location.href);
  if (url.pathname !== '/login') return;
  token = url.searchParams.get('token') ?? undefined;
  if (token === undefined) return;
  url.searchParams.delete('token');
  history.replaceState(history.state, '', url);
}

/** The token, to the first who asks. */
export function spendLoginToken(): string | undefined {
  const taken = token;
  token = undefined;
  return taken;
}
