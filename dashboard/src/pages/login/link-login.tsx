import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Me } from '../../../../src/http/contract/accounts.js';
import { api } from '../../api/client.js';
import { ErrorBox } from '../../ui/error-box.js';

interface LinkLoginProps {
  token: string;
  onDone: (me: Me) => void;
  onGiveUp: () => void;
}

/** Spends the one-time link as soon as the page is there. */
export function LinkLogin({ token, onDone, onGiveUp }: LinkLoginProps) {
  const login = useMutation({
    mutationFn: () => api.post<Me>('/api/login/link', { token }),
    onSuccess: onDone,
  });
  const spent = useRef(false);
  const { mutate } = login;
  useEffect(() => {
    // It works once: a second effect of the same page must not spend it again.
    if (spent.current) return;
    spent.current = true;
    mutate();
  }, [mutate]);
  if (!login.error) return <h1 role="status">Logging in by link</h1>;
  return (
    <>
      <h1>The link did not work</h1>
      <ErrorBox what="Nobody was logged in." error={login.error} />
      <p className="muted">
        A link works once, for a short time. <code>lemni login-link</code> on the server makes a new one.
      </p>
      <Button variant="default" onClick={onGiveUp}>
        Log in with a password
      </Button>
    </>
  );
}
