import type { Metadata } from 'next'
import { ProjectPanel } from '@/components/settings/project-panel'
import { currentAccount } from '@/lib/access/auth'

export const metadata: Metadata = { title: 'Project' }

/** The projects themselves come with the layout, which needs them for its switch. */
export default async function ProjectPage() {
  const account = await currentAccount()
  return <ProjectPanel mayChange={account?.role === 'admin'} />
}
