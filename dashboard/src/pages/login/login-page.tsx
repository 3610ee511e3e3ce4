import { PageTitle } from '../../ui/page-title.js';

export function LoginPage() {
  return <PageTitle>Login</PageTitle>;
}
