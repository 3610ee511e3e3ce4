import { PageTitle } from '../../ui/page-title.js';

export function ReleasesPage() {
  return <PageTitle>Releases</PageTitle>;
}
