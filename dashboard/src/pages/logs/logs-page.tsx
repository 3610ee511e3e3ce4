import { PageTitle } from '../../ui/page-title.js';

/** Placeholder. */
export function LogsPage() {
  return <PageTitle>Logs</PageTitle>;
}
