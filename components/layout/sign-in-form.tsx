'use client'

import { Alert, Button, Code, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react'
import { signIn } from 'next-auth/react'
import { useState } from 'react'
import { CodeInput } from '@/components/ui/code-input'
import { atBase } from '@/lib/http/base-path'
import { safePath } from './safe-path'

const AWAY =
  'The server cannot check the password for the moment: its database does not answer. Try again soon.'
const NOT_TO_AN_END = 'The sign-in did not come to an end. Try again.'

const reasons: Record<string, string> = {
  CredentialsSignin: 'The e-mail address or the password is wrong.',
  CodeWrong: 'This is not the code that your app shows, or it was used already: wait for the next one.',
  NotAdmitted:
    'You may not come in that way: your account there has no role here, or its address is not verified. Ask an admin.',
  OAuthCallback: NOT_TO_AN_END,
  OAuthSignin: NOT_TO_AN_END,
  Callback: NOT_TO_AN_END,
  Unavailable: AWAY,
  OutOfDate: 'This page is out of date. Load it again, then sign in.',
  TooManyAttempts: 'Too many wrong passwords from here. Wait half a minute, then try again.',
}
/** The password is right, and a code is wanted. */
const CODE_WANTED = 'CodeWanted'
/** The one account that is no address; it works only while no database answers. */
const BREAK_GLASS = 'break-glass'

interface SignInFormProps {
  callbackUrl?: string
  error?: string
  /** No database answers: what is known of accounts is what was known before. */
  away: boolean
  /** Who else signs people in. */
  issuer: string | null
}

/** Asks for e-mail address and password, and says what is wrong when they are refused. */
export function SignInForm({ callbackUrl, error, away, issuer }: SignInFormProps) {
  const [problem, setProblem] = useState(error ? (reasons[error] ?? NOT_TO_AN_END) : null)
  const [coded, setCoded] = useState(false)
  const [busy, setBusy] = useState(false)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '', code: '' },
    validate: {
      email: (value) =>
        value.includes('@') || value.trim() === BREAK_GLASS ? null : 'Your e-mail address is needed',
      password: (value) => (value ? null : 'Your password is needed'),
    },
  })
  const submit = form.onSubmit(async (values) => {
    setBusy(true)
    setProblem(null)
    const refused = await attempt(values)
    // A whole load, so that nothing of who was signed in before stays.
    if (!refused) return window.location.assign(atBase(safePath(callbackUrl)))
    if (refused === CODE_WANTED) setCoded(true)
    else setProblem(refused)
    setBusy(false)
  })
  return (
    // POST, so that without scripts a password never gets into an address.
    <form method="post" onSubmit={submit} noValidate>
      <Stack gap="sm">
        {problem && (
          <Alert color="red" variant="outline" role="alert" icon={<IconAlertTriangle size={18} />}>
            {problem}
          </Alert>
        )}
        {away && !problem && (
          <Alert color="orange" variant="outline" icon={<IconPlugConnectedX size={18} />}>
            No database answers. Sign in as always: the recovery pages work without one.
          </Alert>
        )}
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        {coded && <CodeInput name="code" autoFocus key={form.key('code')} {...form.getInputProps('code')} />}
        <Button type="submit" loading={busy} fullWidth mt={4}>
          Sign in
        </Button>
        {issuer && (
          <Button
            variant="default"
            fullWidth
            onClick={() => void signIn('oidc', { callbackUrl: atBase(safePath(callbackUrl)) })}
          >
            Continue with {issuer}
          </Button>
        )}
        <Text size="xs" c="dimmed">
          After the first <Code>npm start</Code> the accounts and their passwords stand in{' '}
          <Code>.holdfast/credentials.json</Code> on the server.
        </Text>
      </Stack>
    </form>
  )
}

/** Why the sign-in was refused, or null when it was not. */
async function attempt(values: { email: string; password: string; code: string }): Promise<string | null> {
  try {
    const answer = await signIn('credentials', { redirect: false, ...values })
    if (answer?.ok && !answer.error) return null
    if (answer?.error === CODE_WANTED) return CODE_WANTED
    return reasons[answer?.error ?? ''] ?? NOT_TO_AN_END
  } catch {
    return 'The server was not reached. Try again.'
  }
}
