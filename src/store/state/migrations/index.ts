import type { Migration } from 'kysely';
import { accounts } from './001-accounts.js';
import { releases } from './002-releases.js';
import { alerts } from './003-alerts.js';
import { verdicts } from './004-verdicts.js';
import { suspects } from './005-suspects.js';
import { problems } from './006-problems.js';
import { feedbackGroups } from './007-feedback-groups.js';

/** Forward only. A migration that was released is never edited: add the next number. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-accounts': accounts,
  '002-releases': releases,
  '003-alerts': alerts,
  '004-verdicts': verdicts,
  '005-suspects': suspects,
  '006-problems': problems,
  '007-feedback-groups': feedbackGroups,
};
