import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { Me } from '../../../../src/http/contract/accounts.js';
import { api } from '../../api/client.js';
import { ErrorBox } from '../../ui/error-box.js';

interface PasswordFormProps {
  /** Why the one-time link did not work, when there was one. */
  linkError: unknown;
  onDone: (me: Me) => void;
}

export function PasswordForm({ linkError, onDone }: PasswordFormProps) {
  const [error, setError] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    api
      .post<Me>('/api/login', { email: textOf(form, 'email'), password: textOf(form, 'password') })
      .then(onDone, setError)
      .finally(() => setBusy(false));
  };
  return (
    <form className="login-form" onSubmit={submit}>
      {error !== undefined ? (
        <ErrorBox what="You are not logged in." error={error} />
      ) : linkError !== undefined ? (
        <ErrorBox what="The link did not work." error={linkError} />
      ) : null}
      <TextInput name="email" type="email" label="E-mail" autoComplete="username" required />
      <PasswordInput name="password" label="Password" autoComplete="current-password" required />
      <Button type="submit" loading={busy} fullWidth>
        Log in
      </Button>
    </form>
  );
}

export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
