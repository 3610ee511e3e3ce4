import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Me } from '../../../../src/http/contract/accounts.js';
import { api, setCsrfToken } from '../../api/client.js';
import { meQuery, useMe } from '../../api/session.js';
import { useScheme } from '../../theme/use-scheme.js';
import { ErrorBox } from '../../ui/error-box.js';
import { Section } from '../../ui/section.js';
import { told } from '../../ui/toast.js';

interface Change {
  readonly name?: string;
  readonly password?: string;
  readonly currentPassword?: string;
}

function useChangeMe(said: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => api.patch<Me>('/api/me', change),
    onSuccess: (me) => {
      setCsrfToken(me.csrfToken);
      queries.setQueryData(meQuery.queryKey, me);
      told(said);
    },
  });
}

export function AccountTab() {
  const { user, installation } = useMe();
  const { choice, choose } = useScheme();
  return (
    <>
      <Section title={user.email} note={user.role}>
        <NameForm name={user.name} />
      </Section>
      <Section title="Password">
        <PasswordForm />
      </Section>
      <Section title="Appearance">
        <SegmentedControl
          size="xs"
          aria-label="Appearance"
          value={choice}
          onChange={(value) => choose(value === 'light' || value === 'dark' ? value : 'auto')}
          data={[
            { value: 'auto', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </Section>
      <Section title="This installation" note={`Lemni ${installation.version}`}>
        <dl className="settings-facts">
          {Object.entries(installation.retention).map(([signal, kept]) => (
            <div key={signal}>
              <dt>{signal}</dt>
              <dd>kept for {kept}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  );
}

function NameForm({ name }: { name: string }) {
  const change = useChangeMe('Your name is changed.');
  const [text, setText] = useState(name);
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ name: text.trim() });
      }}
    >
      <TextInput
        label="Name"
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="sm"
        variant="default"
        loading={change.isPending}
        disabled={text.trim() === name}
      >
        Change the name
      </Button>
      {change.error ? <ErrorBox what="The name could not be changed." error={change.error} /> : null}
    </form>
  );
}

function PasswordForm() {
  const change = useChangeMe('Your password is changed. Other sessions have ended.');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(current === '' ? { password: next } : { password: next, currentPassword: current }, {
          onSuccess: () => {
            setCurrent('');
            setNext('');
          },
        });
      }}
    >
      <PasswordInput
        label="Now"
        description="Not needed after a login by link"
        w={240}
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <PasswordInput
        label="New"
        description="At least 10 characters"
        w={240}
        required
        minLength={10}
        autoComplete="new-password"
        value={next}
        onChange={(event) => setNext(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" variant="default" loading={change.isPending}>
        Change the password
      </Button>
      {change.error ? <ErrorBox what="The password could not be changed." error={change.error} /> : null}
    </form>
  );
}
