import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Me } from '../../../../src/http/contract/accounts.js';
import { api } from '../../api/client.js';
import { ErrorBox } from '../../ui/error-box.js';

export function PasswordForm({ onDone }: { onDone: (me: Me) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => api.post<Me>('/api/login', { email: email.trim(), password }),
    onSuccess: onDone,
  });
  return (
    <>
      <h1>Log in to Lemni</h1>
      <form
        className="login-form"
        onSubmit={(event) => {
          event.preventDefault();
          login.mutate();
        }}
      >
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {login.error ? <ErrorBox what="Nobody was logged in." error={login.error} /> : null}
        <Button type="submit" size="sm" loading={login.isPending} fullWidth>
          Log in
        </Button>
      </form>
      <p className="muted small">
        Without an account yet, open the one-time link that Lemni prints at its first start, or make one with{' '}
        <code>lemni login-link</code>.
      </p>
    </>
  );
}
