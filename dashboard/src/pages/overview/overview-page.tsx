import { PageTitle } from '../../ui/page-title.js';

export function OverviewPage() {
  return <PageTitle>Overview</PageTitle>;
}
