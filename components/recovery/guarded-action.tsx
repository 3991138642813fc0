'use client'

import { later } from '@/components/ui/later'

/** An order to the cluster, after its dialog has said what it does and has asked why. */
export const GuardedAction = later(() => import('./guarded-dialog').then((loaded) => loaded.GuardedDialog))
