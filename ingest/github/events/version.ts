/** What a deployment says of the version. */
export interface Deployed {
  readonly ref: string;
  readonly sha: string;
  /** Free for the one who created the deployment: an object, JSON in a string, or empty. */
  readonly payload?: unknown;
}

/**
 * The version of a deployment: `payload.version` where the workflow gives one; else the ref when it is a tag
 * (`refs/tags/...`, or a name with a number such as `v1.2.3` or `checkout-2026.11.1`); else the first seven
 * digits of the commit, as git shows it. A branch is no version. Give the service the same `service.version`.
 */
export function versionOf(deployed: Deployed): string {
  const said = wordOf(deployed.payload, 'version');
  if (said !== undefined) return said;
  const tag = /^refs\/tags\/(.+)$/.exec(deployed.ref)?.[1];
  if (tag !== undefined) return tag;
  if (/^([A-Za-z][\w.-]*[-_@])?v?\d+(\.\d+)+([-+][\w.-]+)?$/.test(deployed.ref)) return deployed.ref;
  return deployed.sha.slice(0, 7);
}

/** The service that a deployment of a repository with several says it is of. */
export function serviceSaid(deployed: Deployed): string | undefined {
  return wordOf(deployed.payload, 'service');
}

function wordOf(payload: unknown, word: 'version' | 'service'): string | undefined {
  const value = typeof payload === 'string' ? parsed(payload) : payload;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, word)) return undefined;
  const said = (value as Record<string, unknown>)[word]; // An object that has it.
  return typeof said === 'string' && said.trim() !== '' && said.length <= 200 ? said.trim() : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
