import { expect, it } from 'vitest';
import { toMarkdown } from './report.js';

const section = (title: string, value: string) => ({ title, how: 'So.', figures: [{ what: 'it', value }] });

it('takes the place of what was measured before, and leaves the rest', () => {
  const before = toMarkdown([section('One', '1 s'), section('Two', '2 s')], 'A machine');
  const after = toMarkdown([section('Two', '3 s'), section('Three', '4 s')], 'A machine', before);
  expect(after).toBe(
    toMarkdown([section('One', '1 s'), section('Two', '3 s'), section('Three', '4 s')], 'A machine'),
  );
  expect(after).not.toContain('2 s');
});
