import { PageTitle } from '../../ui/page-title.js';

export function IncidentsPage() {
  return <PageTitle>Incidents</PageTitle>;
}
