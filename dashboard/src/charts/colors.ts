/**
 * A canvas knows no CSS variables: asks the browser what a colour is on this element's page, in the scheme
 * that is on the screen; another scheme needs another resolver.
 */
export function canvasColors(host: HTMLElement, _scheme: 'light' | 'dark'): (css: string) => string {
  const probe = document.createElement('span');
  probe.style.display = 'none';
  host.append(probe);
  const known = new Map<string, string>();
  const resolve = (css: string): string => {
    const cached = known.get(css);
    if (cached !== undefined) return cached;
    if (!probe.isConnected) host.append(probe);
    probe.style.color = '';
    probe.style.color = css;
    const color = getComputedStyle(probe).color;
    probe.remove();
    known.set(css, color);
    return color;
  };
  probe.remove();
  return resolve;
}

/** What each severity looks like; the order of the contract is the order of the stack. */
export const severityColors: Readonly<Record<string, string>> = {
  fatal: 'color-mix(in srgb, var(--critical-fill) 70%, black)',
  error: 'var(--critical-fill)',
  warn: 'var(--warning-fill)',
  info: 'var(--information-fill)',
  debug: 'color-mix(in srgb, var(--information-fill) 35%, var(--line-strong))',
  trace: 'var(--line-strong)',
  unset: 'color-mix(in srgb, var(--line-strong) 60%, var(--surface))',
};
