import type { Metadata } from 'next'
import { Catalogue } from '@/components/demo/catalogue'

export const metadata: Metadata = { title: 'Catalogue' }

export default function CataloguePage() {
  return <Catalogue />
}
