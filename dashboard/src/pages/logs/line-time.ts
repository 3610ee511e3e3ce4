/** The time of a line in the viewer's zone, to the millisecond; with its day where the range spans several. */
export function lineTime(timestamp: string, withDay: boolean): string {
  const at = Date.parse(timestamp);
  if (Number.isNaN(at)) return '–';
  return (withDay ? dayTime : time).format(at);
}

const clock: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
};
const time = new Intl.DateTimeFormat('en-GB', clock);
const dayTime = new Intl.DateTimeFormat('en-GB', { ...clock, day: '2-digit', month: 'short' });
