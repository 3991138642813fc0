'use client'

import { Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useQueryState } from 'nuqs'
import { given } from '@/components/analytics/inputs'
import { rangeParsers } from '@/components/analytics/search-params'
import { useConfirm } from '@/components/ui/confirm'
import { detailOf } from '@/components/ui/problem-alert'
import { deleteFunnel } from '@/lib/analytics/funnels/contract'
import { send } from '@/lib/http/client'
import { refreshFunnels } from './refresh'
import { useFunnelAddress } from './use-funnel-address'

/** Asks before it deletes a saved funnel, and says what happened. */
export function useDeleteFunnel(name: string) {
  const client = useQueryClient()
  const router = useRouter()
  const confirm = useConfirm()
  const [project] = useQueryState('project', rangeParsers.project)
  const { list } = useFunnelAddress()
  const { mutate } = useMutation({
    mutationFn: () => send(deleteFunnel, given({ funnel: name, project })),
    onSuccess: () => {
      notifications.show({ color: 'tide', message: `${name} is deleted. No record was touched.` })
      router.push(list)
    },
    onError: (error) =>
      notifications.show({ color: 'red', title: `${name} was not deleted`, message: detailOf(error) }),
    onSettled: () => refreshFunnels(client),
  })
  return () =>
    confirm({
      title: `Delete ${name}?`,
      children: (
        <Text size="sm">
          Its definition is deleted for everyone in this project, and links to it show nothing any more. The
          events that it counts stay, so that it can be built again.
        </Text>
      ),
      confirm: 'Delete the funnel',
      cancel: 'Keep it',
      onConfirm: () => mutate(),
    })
}
