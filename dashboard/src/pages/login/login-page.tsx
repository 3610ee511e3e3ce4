import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Me } from '../../../../src/http/contract/accounts.js';
import { setCsrfToken } from '../../api/client.js';
import { meQuery } from '../../api/session.js';
import { Mark } from '../../shell/mark.js';
import { AccountForm } from './account-form.js';
import { LinkLogin } from './link-login.js';
import './login.css';
import { spendLoginToken } from '../../api/login-token.js';
import { PasswordForm } from './password-form.js';
import { safeNext } from './safe-next.js';

const route = getRouteApi('/login');

export function LoginPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [token, setToken] = useState(spendLoginToken);
  // A session that is still good needs no password; one that came by link may still need its account.
  const { data: me, isLoading } = useQuery({ ...meQuery, enabled: token === undefined, retry: false });
  useEffect(() => {
    document.title = 'Log in · Lemni';
  }, []);
  useEffect(() => {
    if (me && !me.needsAccount) router.history.replace(safeNext(next));
  }, [me, next, router]);
  const enter = (known: Me) => {
    setCsrfToken(known.csrfToken);
    queries.setQueryData(meQuery.queryKey, known);
    setToken(undefined);
  };
  return (
    <main className="login">
      <div className="login-box">
        <Mark size={72} />
        {me?.needsAccount === true ? (
          <AccountForm me={me} onDone={enter} />
        ) : token !== undefined ? (
          <LinkLogin token={token} onDone={enter} onGiveUp={() => setToken(undefined)} />
        ) : isLoading || me ? (
          <h1 role="status">Looking who you are</h1>
        ) : (
          <PasswordForm onDone={enter} />
        )}
      </div>
    </main>
  );
}
