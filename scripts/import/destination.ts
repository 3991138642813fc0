import { createKey, revokeKey } from '@/lib/access/keys/contract'
import { createProject, listProjects } from '@/lib/access/projects/contract'
import { Admin } from './admin'
import { type Credentials, readCredentials } from './credentials'
import { ImportError } from './fail'
import type { Options } from './options'
import type { Target } from './post-batches'

export interface Destination extends Target {
  /** What to call it. */
  name: string
  /** The project to show, where it is not the one that the dashboard opens with. */
  projectId?: string
  /** Gives back what was made for the import. */
  release(): Promise<void>
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

interface Where extends Pick<Options, 'url' | 'key' | 'project' | 'dataDir'> {
  /** What it is for: the name of the key that is made, if one has to be. */
  purpose: 'import' | 'export'
}

/** Finds out where to post and with which key; an import makes the project that there is not. @throws ImportError */
export async function findDestination({ url, key, project, dataDir, purpose }: Where): Promise<Destination> {
  if (url !== undefined && key !== undefined) return { url, key, name: url, release: async () => {} }
  const credentials = await readCredentials(dataDir)
  const own = credentials.project
  if (project === undefined || project === own.name || project === own.id)
    return { url: credentials.url, key: own.secretKey, name: own.name, release: async () => {} }
  return otherProject(credentials, project, purpose)
}

/** The keys of other projects are not written down anywhere: one is made, and revoked after. */
async function otherProject(
  { url, users }: Credentials,
  wanted: string,
  purpose: Where['purpose'],
): Promise<Destination> {
  const admin = await Admin.signIn(url, users.admin)
  const { projects } = await admin.call(listProjects, {})
  const found = projects.find(({ id, name }) => id === wanted || name === wanted)
  if (!found && UUID.test(wanted)) throw new ImportError(`there is no project with the id ${wanted}`)
  if (!found && purpose === 'export') throw new ImportError(`there is no project named ${wanted}`)
  const { id, name } = found ?? (await admin.call(createProject, { name: wanted })).project
  const { key, secret } = await admin.call(createKey, { project: id, kind: 'secret', name: purpose })
  return {
    url,
    key: secret,
    name,
    projectId: id,
    release: async () => {
      await admin.call(revokeKey, { id: key.id })
    },
  }
}
