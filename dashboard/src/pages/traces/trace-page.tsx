import { PageTitle } from '../../ui/page-title.js';

/** Placeholder. */
export function TracePage() {
  return <PageTitle>Trace</PageTitle>;
}
