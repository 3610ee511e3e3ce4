import { PageTitle } from '../../ui/page-title.js';

export function FeedbackPage() {
  return <PageTitle>Feedback</PageTitle>;
}
