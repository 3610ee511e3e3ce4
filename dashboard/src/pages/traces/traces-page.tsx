import { PageTitle } from '../../ui/page-title.js';

/** Placeholder. */
export function TracesPage() {
  return <PageTitle>Traces</PageTitle>;
}
