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
  /** Of the pole, px. */
  readonly x: number;
  /** Where the plot ends the flag flies to the left of its pole. */
  readonly side: 'right' | 'left';
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

/** px: no flag is wider (`charts.css` cuts it off), and this lies between two. */
const widest = 120;
const gap = 4;
/** The icon and the room around the text, and a letter of it: a little more than most take. */
const plain = 26;
const letter = 6.6;

/** Flags for the deploys within the frame, left to right; one that would cover another joins it. */
export function placeFlags(
  marks: readonly DeployMark[],
  frame: TimeFrame,
  area: { left: number; right: number },
): readonly Flag[] {
  const flags: Flag[] = [];
  const inside = marks.filter((mark) => mark.at >= frame.from && mark.at <= frame.to);
  for (const mark of [...inside].sort((a, b) => a.at - b.at)) {
    let flag = flagAt(timeToX(mark.at, frame, area), [mark], area);
    // One that has grown, or has turned at the end of the plot, may cover the one before it.
    for (let last = flags.at(-1); last && covers(last, flag); last = flags.at(-1)) {
      flags.pop();
      flag = flagAt(last.x, [...last.marks, ...flag.marks], area);
    }
    flags.push(flag);
  }
  return flags;
}

function flagAt(x: number, marks: readonly DeployMark[], area: { right: number }): Flag {
  const isOver = x + widthOf({ marks }) > area.right;
  return { x, marks, side: isOver ? 'left' : 'right' };
}

function covers(last: Flag, next: Flag): boolean {
  const end = last.side === 'left' ? last.x : last.x + widthOf(last);
  const begin = next.side === 'left' ? next.x - widthOf(next) : next.x;
  return begin < end + gap;
}

function widthOf(flag: Pick<Flag, 'marks'>): number {
  return Math.min(widest, plain + letter * flagText(flag).length);
}

/** What stands on a flag: the version, or how many deploys share it. */
export function flagText(flag: Pick<Flag, 'marks'>): string {
  const [first, ...rest] = flag.marks;
  if (!first) return '';
  return rest.length === 0 ? first.version : `${flag.marks.length} deploys`;
}
