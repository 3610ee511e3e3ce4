import { describe, expect, it } from 'vitest';
import { histogramFinding, logsAnswer } from './findings.js';

const errors = (...points: number[]) => ({ labels: { severity: 'error' }, points });
const clock = (at: number) => `${at}`;
const mark = { id: '1', at: 50, service: 'shop', version: '1.4.0', releaseId: null };
const find = (points: number[], marks = [mark]) =>
  histogramFinding({ series: [errors(...points)], stepMs: 10, total: 0 }, 0, { marks, clock });

describe('logsAnswer', () => {
  it.each([
    [{ total: 0, stepMs: 1, series: [] }, 'Nothing was written in this time.'],
    [{ total: 1, stepMs: 1, series: [] }, '1 line, none of them an error.'],
    [{ total: 12_345, stepMs: 1, series: [errors(500, 20)] }, '12.3 k lines, 4.21 % of them errors.'],
  ])('%j', (histogram, text) => expect(logsAnswer(histogram, '')).toBe(text));
  it('tells a query without matches from silence', () => {
    expect(logsAnswer({ total: 0, stepMs: 1, series: [] }, 'boom')).toBe('No line matches in this time.');
  });
});

describe('histogramFinding', () => {
  it('names the deploy after which errors rose', () => {
    expect(find([2, 2, 2, 2, 2, 20, 20, 20])).toBe('Errors rose to 10 times the rate after shop 1.4.0 (50)');
  });
  it('names the deploy after which errors began', () => {
    expect(find([0, 0, 0, 0, 0, 5, 5, 5])).toBe('Errors began after shop 1.4.0 (50)');
  });
  it('names the deploy next to the rise', () => {
    const early = { ...mark, id: '0', at: 20, service: 'mail' };
    const points = [2, 2, 2, 2, 2, 2, 2, 2, 20, 20, 20];
    const late = { ...mark, at: 80 };
    expect(find(points, [early, late])).toBe('Errors rose to 10 times the rate after shop 1.4.0 (80)');
  });
  it('blames none of several at about the same time', () => {
    const other = { ...mark, id: '2', at: 65, service: 'mail' };
    expect(find([2, 2, 2, 2, 2, 20, 20, 20], [mark, other])).toBe(
      'Errors rose to 10 times the rate after 2 deploys (50)',
    );
  });
  it.each([
    ['a rise too small', [10, 10, 10, 10, 10, 20, 20, 20]],
    ['a deploy with too little before it', [0, 30, 30, 30]],
  ])('does not blame a deploy for %s', (_name, points) => {
    expect(find(points)).toMatch(/^Lines by severity, most errors at/);
  });
  it('says nothing of a handful', () => {
    expect(find([0, 0, 0, 0, 0, 1, 1, 1])).toBe('Lines by severity');
  });
  it('does not blame without a deploy', () => {
    expect(find([2, 2, 2, 2, 2, 20, 25, 20], [])).toBe('Lines by severity, most errors at 60');
  });
});
