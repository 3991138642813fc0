import type { Target, Topic } from '@/lib/recovery/alerts/channels/contract'
import { changeFile, load } from '@/lib/recovery/alerts/store'

/** A channel with its secrets: for this machine only. */
export interface KeptChannel {
  id: string
  name: string
  enabled: boolean
  target: Target
  /** What it is told of; left out by earlier versions: everything. */
  tells?: Topic[]
}

const FILE = 'channels.json'

/** Every channel, in the order in which they were made. @throws Problem 503 when they cannot be read: they are not none */
export const loadChannels = (): KeptChannel[] => load<KeptChannel[]>(FILE) ?? []

/** Changes the list; one at a time, whichever process. */
export const changeChannels = (change: (channels: KeptChannel[]) => void): Promise<void> =>
  changeFile(FILE, (found) => found ?? [], change)
