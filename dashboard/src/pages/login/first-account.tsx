import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import type { Me } from '../../../../src/http/contract/accounts.js';
import { api, setCsrfToken } from '../../api/client.js';
import { ErrorBox } from '../../ui/error-box.js';
import { textOf } from './password-form.js';

/** Who came by the first link chooses how to log in from now on. */
export function FirstAccount({ onDone }: { onDone: (me: Me) => void }) {
  const [error, setError] = useState<unknown>(undefined);
  const [busy, setBusy] = useState(false);
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(undefined);
    save(form)
      .then(onDone, setError)
      .finally(() => setBusy(false));
  };
  return (
    <form className="login-form" onSubmit={submit}>
      {error === undefined ? null : <ErrorBox what="The account was not made." error={error} />}
      <TextInput name="email" type="email" label="E-mail" autoComplete="username" required />
      <TextInput
        name="name"
        label="Name"
        description="How others see you; may stay empty."
        autoComplete="name"
      />
      <PasswordInput
        name="password"
        label="Password"
        description="At least 10 characters."
        autoComplete="new-password"
        minLength={10}
        required
      />
      <Button type="submit" loading={busy} fullWidth>
        Make the account
      </Button>
    </form>
  );
}

async function save(form: FormData): Promise<Me> {
  // The token of the session that the link began.
  const { csrfToken } = await api.get<Me>('/api/me');
  setCsrfToken(csrfToken);
  return api.post<Me>('/api/account', {
    email: textOf(form, 'email'),
    password: textOf(form, 'password'),
    name: textOf(form, 'name'),
  });
}
