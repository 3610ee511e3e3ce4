import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Role, User, UserInput } from '../../../../src/http/contract/accounts.js';
import { api } from '../../api/client.js';
import { ErrorBox } from '../../ui/error-box.js';
import { told } from '../../ui/toast.js';
import { roleChoices } from './roles.js';

const blank = { email: '', name: '', password: '' };

/** A colleague gets in with a first password, told to them by whoever makes the account. */
export function UserForm() {
  const queries = useQueryClient();
  const [input, setInput] = useState(blank);
  const [role, setRole] = useState<Role>('responder');
  const add = useMutation({
    mutationFn: (user: UserInput) => api.post<User>('/api/users', user),
    onSuccess: async (user) => {
      setInput(blank);
      told(`${user.email} can log in now.`);
      await queries.invalidateQueries({ queryKey: ['/api/users'] });
    },
  });
  const field = (name: keyof typeof blank) => ({
    value: input[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setInput((old) => ({ ...old, [name]: value }));
    },
  });
  return (
    <>
      <form
        className="settings-form"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({ ...input, email: input.email.trim(), role });
        }}
      >
        <TextInput label="E-mail" type="email" required {...field('email')} />
        <TextInput label="Name" maxLength={200} {...field('name')} />
        <Select
          label="Role"
          w={240}
          allowDeselect={false}
          value={role}
          data={[...roleChoices]}
          onChange={(value) =>
            setRole(roleChoices.find((choice) => choice.value === value)?.value ?? 'viewer')
          }
        />
        <PasswordInput
          label="First password"
          w={200}
          required
          minLength={10}
          autoComplete="new-password"
          {...field('password')}
        />
        <Button type="submit" size="sm" loading={add.isPending}>
          Add
        </Button>
      </form>
      {add.error ? <ErrorBox what="The account could not be made." error={add.error} /> : null}
    </>
  );
}
