import { PageTitle } from '../../ui/page-title.js';

export function ReleasePage() {
  return <PageTitle>Release</PageTitle>;
}
