import type { DeployMark } from './flags.js';

/** The deploy next to a change, and what to call it. */
export interface ChangeDeploy {
  readonly mark: DeployMark;
  /** As `changeAfter` has it. */
  readonly change: number;
  /** `shop 1.4.0`, or `3 deploys` when others are as near: which of them it was cannot be seen in a chart. */
  readonly words: string;
}

/**
 * Of deploys in the order of their times the one after which the change is largest, since that is where the change
 * is; undefined when it is 0 after all. `nearMs`: as close to one another deploys cannot be told apart.
 */
export function changeDeploy(
  marks: readonly DeployMark[],
  changeAfter: (mark: DeployMark) => number,
  nearMs: number,
): ChangeDeploy | undefined {
  let mark: DeployMark | undefined;
  let largest = 0;
  for (const one of marks) {
    const change = changeAfter(one);
    if (change <= 0 || change < largest) continue;
    largest = change;
    mark = one;
  }
  if (!mark) return undefined;
  const { at, service, version } = mark;
  const close = marks.filter((one) => Math.abs(one.at - at) <= nearMs);
  return {
    mark,
    change: largest,
    words: close.length === 1 ? `${service} ${version}` : `${close.length} deploys`,
  };
}
