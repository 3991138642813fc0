'use client'

import { Anchor, Button, PasswordInput, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useHash, useMounted } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { signIn } from 'next-auth/react'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { acceptInvitation, lookUpInvitation, PASSWORD_LENGTH } from '@/lib/access/invitations/contract'
import { atBase } from '@/lib/http/base-path'
import { query, send } from '@/lib/http/client'

/** Chooses the password of the account that the link is for, and signs in with it. */
export function InvitationForm() {
  const [hash] = useHash()
  const token = hash.slice(1)
  const mounted = useMounted()
  const { data, error } = useQuery({
    ...query(lookUpInvitation, { token }),
    enabled: token !== '',
    retry: false,
    refetchOnWindowFocus: false,
  })
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '', again: '' },
    validate: {
      password: (value) => (value.length < PASSWORD_LENGTH ? `At least ${PASSWORD_LENGTH} characters` : null),
      again: (value, { password }) => (value === password ? null : 'This is another one'),
    },
  })
  const accept = useMutation({
    mutationFn: async ({ password }: { password: string }) => {
      const { email } = await send(acceptInvitation, { token, password })
      await signIn('credentials', { redirect: false, email, password })
      // A whole load, and an address without the secret.
      window.location.replace(atBase('/overview'))
    },
  })
  if (error)
    return (
      <Stack gap="sm">
        <ProblemAlert error={error} title="This link does not work" />
        <Anchor component={Link} href="/sign-in" size="sm">
          Sign in
        </Anchor>
      </Stack>
    )
  if (mounted && !token)
    return <Text size="sm">The link is not whole: copy all of it, also what follows the #.</Text>
  if (!data) return <Skeleton h={260} radius="md" />
  return (
    // POST, so that without scripts a password never gets into an address.
    <form method="post" onSubmit={form.onSubmit((values) => accept.mutate(values))} noValidate>
      <Stack gap="sm">
        {accept.error && <ProblemAlert error={accept.error} title="The password was not taken" />}
        <TextInput label="E-mail" type="email" autoComplete="username" value={data.email} readOnly />
        <PasswordInput
          label="Password"
          description={`At least ${PASSWORD_LENGTH} characters; a sentence is easy to keep in mind`}
          autoComplete="new-password"
          autoFocus
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <PasswordInput
          label="Once more"
          autoComplete="new-password"
          key={form.key('again')}
          {...form.getInputProps('again')}
        />
        <Button type="submit" loading={accept.isPending || accept.isSuccess} fullWidth mt={4}>
          Choose it and sign in
        </Button>
        <Text size="xs" c="dimmed">
          Sessions of this account that are open elsewhere end.
        </Text>
      </Stack>
    </form>
  )
}
