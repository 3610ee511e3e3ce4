/** How exact the times of a chart need to be said, by its step. In the viewer's zone. */
export function chartClock(stepMs: number, spanMs: number): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...(spanMs > 20 * 3_600_000 ? { day: 'numeric', month: 'short' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    ...(stepMs < 60_000 ? { second: '2-digit' } : {}),
    ...(stepMs < 1000 ? { fractionalSecondDigits: 3 } : {}),
    hourCycle: 'h23',
  });
  return (at) => format.format(at);
}
