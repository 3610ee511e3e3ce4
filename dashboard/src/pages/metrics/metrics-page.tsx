import { PageTitle } from '../../ui/page-title.js';

/** Placeholder. */
export function MetricsPage() {
  return <PageTitle>Metrics</PageTitle>;
}
