/** For whoever builds the page: there is no log here but the browser's. */
export function warn(what: string, error?: unknown): void {
  // eslint-disable-next-line no-console -- The page's console is the only place where its developers look.
  console.warn(`lemni: ${what}`, ...(error === undefined ? [] : [error]));
}
