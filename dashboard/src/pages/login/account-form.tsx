import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { AccountInput, Me } from '../../../../src/http/contract/accounts.js';
import { api, setCsrfToken } from '../../api/client.js';
import { ErrorBox } from '../../ui/error-box.js';

const minLength = 10;

/** The first account of this installation: an admin. */
export function AccountForm({ me, onDone }: { me: Me; onDone: (me: Me) => void }) {
  const [input, setInput] = useState<AccountInput>({ email: '', name: '', password: '' });
  const create = useMutation({
    mutationFn: () => {
      setCsrfToken(me.csrfToken);
      return api.post<Me>('/api/account', { ...input, email: input.email.trim(), name: input.name.trim() });
    },
    onSuccess: onDone,
  });
  const field = (name: keyof AccountInput) => ({
    value: input[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setInput((old) => ({ ...old, [name]: value }));
    },
  });
  return (
    <>
      <h1>Make the first account</h1>
      <p className="muted">It may do everything. You log in with it from now on; the link is spent.</p>
      <form
        className="login-form"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          required
          {...field('email')}
        />
        <TextInput label="Name" autoComplete="name" maxLength={200} {...field('name')} />
        <PasswordInput
          label="Password"
          description={`At least ${minLength} characters`}
          autoComplete="new-password"
          required
          minLength={minLength}
          {...field('password')}
        />
        {create.error ? <ErrorBox what="The account was not made." error={create.error} /> : null}
        <Button type="submit" size="sm" loading={create.isPending} fullWidth>
          Make the account
        </Button>
      </form>
    </>
  );
}
