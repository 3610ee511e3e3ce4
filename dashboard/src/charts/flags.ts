export interface DeployMark {
  readonly id: string;
  /** Unix ms. */
  readonly at: number;
  readonly service: string;
  readonly version: string;
  /** Null when the release is not known (yet): the flag is then not a link. */
  readonly releaseId: string | null;
}

/** One flag over the chart; deploys too close to be told apart share one. */
export interface Flag {
  readonly x: number;
  readonly marks: readonly DeployMark[];
}

export interface TimeFrame {
  readonly from: number;
  readonly to: number;
}

export function timeToX(at: number, frame: TimeFrame, area: { left: number; right: number }): number {
  const span = frame.to - frame.from;
  return span > 0 ? area.left + ((at - frame.from) / span) * (area.right - area.left) : area.left;
}

/** Flags for the deploys within the frame, left to right; one nearer than `room` px to a flag joins it. */
export function placeFlags(
  marks: readonly DeployMark[],
  frame: TimeFrame,
  area: { left: number; right: number },
  room = 64,
): readonly Flag[] {
  const flags: { x: number; marks: DeployMark[] }[] = [];
  const inside = marks.filter((mark) => mark.at >= frame.from && mark.at <= frame.to);
  for (const mark of [...inside].sort((a, b) => a.at - b.at)) {
    const x = timeToX(mark.at, frame, area);
    const last = flags.at(-1);
    if (last && x - last.x < room) last.marks.push(mark);
    else flags.push({ x, marks: [mark] });
  }
  return flags;
}

/** What stands on a flag: the version, or how many deploys share it. */
export function flagText(flag: Flag): string {
  const [first, ...rest] = flag.marks;
  if (!first) return '';
  return rest.length === 0 ? first.version : `${flag.marks.length} deploys`;
}
