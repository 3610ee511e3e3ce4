import { PageTitle } from '../../ui/page-title.js';

export function IncidentPage() {
  return <PageTitle>Incident</PageTitle>;
}
