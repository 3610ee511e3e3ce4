import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import type { Me } from '../../../../src/http/contract/accounts.js';
import { api, setCsrfToken } from '../../api/client.js';
import { spendLoginToken } from '../../api/login-token.js';
import { meQuery } from '../../api/session.js';
import { Mark } from '../../shell/mark.js';
import { FirstAccount } from './first-account.js';
import { PasswordForm } from './password-form.js';
import './login.css';

type Step = { kind: 'looking' } | { kind: 'password'; linkError?: unknown } | { kind: 'account' };

/** The way in: by the one-time link of the terminal, then the first account, or with a password. */
export function LoginPage() {
  const [step, setStep] = useState<Step>({ kind: 'looking' });
  const enter = useEnter();
  const entered = (me: Me): void => {
    if (me.needsAccount) setStep({ kind: 'account' });
    else enter(me);
  };
  useEffect(() => {
    void begin().then(
      (me) => {
        if (me === undefined) setStep({ kind: 'password' });
        else entered(me);
      },
      (error: unknown) => setStep({ kind: 'password', linkError: error }),
    );
    // Once: a link's token can be spent only once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    document.title = step.kind === 'account' ? 'Make your account - Lemni' : 'Log in - Lemni';
  }, [step.kind]);

  if (step.kind === 'looking') return <Frame title="Logging in">{null}</Frame>;
  if (step.kind === 'account') {
    return (
      <Frame
        title="Make your account"
        words="You came by the link that the terminal printed. Choose how you log in from now on: you will be the administrator."
      >
        <FirstAccount onDone={enter} />
      </Frame>
    );
  }
  return (
    <Frame
      title="Log in"
      words="No account yet? The terminal in which Lemni started printed a link that logs in once; lemni login-link makes another."
    >
      <PasswordForm linkError={step.linkError} onDone={entered} />
    </Frame>
  );
}

/** By the link when there is one, otherwise by a session that is still good; undefined: neither. */
async function begin(): Promise<Me | undefined> {
  const token = spendLoginToken();
  if (token !== undefined) return api.post<Me>('/api/login/link', { token });
  return api.get<Me>('/api/me').catch(() => undefined);
}

function useEnter(): (me: Me) => void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/login' });
  return (me) => {
    setCsrfToken(me.csrfToken);
    queries.setQueryData(meQuery.queryKey, me);
    // A path of this application and nothing else: `//elsewhere` would leave it.
    const to = next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/';
    void navigate({ href: to, replace: true });
  };
}

interface FrameProps {
  title: string;
  words?: string;
  children: ReactNode;
}

function Frame({ title, words, children }: FrameProps) {
  return (
    <main className="login">
      <div className="login-card">
        <div className="login-mark">
          <Mark size={32} />
          <span>Lemni</span>
        </div>
        <h1 className="login-title">{title}</h1>
        {words === undefined ? null : <p className="muted login-words">{words}</p>}
        {children}
      </div>
    </main>
  );
}
