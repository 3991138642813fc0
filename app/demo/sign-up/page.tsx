import type { Metadata } from 'next'
import { SignUp } from '@/components/demo/sign-up'

export const metadata: Metadata = { title: 'Sign up' }

export default function SignUpPage() {
  return <SignUp />
}
