import type { DeployMark, TimeFrame } from '../../charts/flags.js';
import type { SparkMark } from '../../charts/sparkline.js';

/** The deploys of one service as fractions of the frame, for its sparklines. */
export function sparkMarks(marks: readonly DeployMark[], service: string, frame: TimeFrame): SparkMark[] {
  const length = frame.to - frame.from;
  if (!(length > 0)) return [];
  return marks
    .filter((mark) => mark.service === service)
    .map((mark) => ({ at: (mark.at - frame.from) / length, label: mark.version }))
    .filter(({ at }) => at >= 0 && at <= 1);
}
