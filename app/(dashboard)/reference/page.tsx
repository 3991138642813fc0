import type { Metadata } from 'next'
import { ReferencePanel } from '@/components/reference/reference-panel'
import { operations } from './operations'

export const metadata: Metadata = { title: 'API reference' }

export default function ReferencePage() {
  return <ReferencePanel operations={operations()} />
}
