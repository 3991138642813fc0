'use client'

import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useQueryState } from 'nuqs'
import { rangeParsers } from '@/components/analytics/search-params'
import { saveFile } from '@/components/ui/csv'
import { detailOf } from '@/components/ui/problem-alert'
import { exportUser } from '@/lib/analytics/users/contract'
import { send } from '@/lib/http/client'
import { userInput } from './inputs'

/** Lets the browser save everything that is stored of a user, as JSON. */
export function ExportUser({ userId }: { userId: string }) {
  const [project] = useQueryState('project', rangeParsers.project)
  const { mutate, isPending } = useMutation({
    mutationFn: () => send(exportUser, userInput(userId, { project })),
    onSuccess: (data) =>
      saveFile(`${fileName(userId)}.json`, 'application/json', JSON.stringify(data, null, 2)),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'Nothing was exported', message: detailOf(error) }),
  })
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} />}
      loading={isPending}
      onClick={() => mutate()}
    >
      Export
    </Button>
  )
}

/** An id may hold what a file's name may not. */
const fileName = (userId: string): string => `user-${userId.replace(/[^\w.@-]+/g, '_').slice(0, 80)}`
