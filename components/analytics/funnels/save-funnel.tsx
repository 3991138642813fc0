'use client'

import { Button, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { rangeParsers } from '@/components/analytics/search-params'
import { useConfirm } from '@/components/ui/confirm'
import { detailOf } from '@/components/ui/problem-alert'
import { getFunnelAnalytics, listFunnelNames, saveFunnel } from '@/lib/analytics/funnels/contract'
import { query, send } from '@/lib/http/client'
import classes from './builder.module.css'
import { countable, type Draft, writeDraft } from './draft'
import { namesInput } from './inputs'
import { refreshFunnels } from './refresh'
import { funnelParsers } from './search-params'
import { useFunnelAddress } from './use-funnel-address'

/** Saves a draft by a name; asks first when that replaces another funnel. */
export function SaveFunnel({ funnel, draft }: { funnel: string; draft: Draft }) {
  const router = useRouter()
  const confirm = useConfirm()
  const client = useQueryClient()
  const { of, list } = useFunnelAddress()
  const [range] = useQueryStates(rangeParsers)
  const [, setSearch] = useQueryStates({ definition: funnelParsers.definition }, { history: 'replace' })
  const [given, setName] = useState(funnel)
  const name = given.trim()
  const { data } = useQuery({ ...query(listFunnelNames, namesInput(range)), staleTime: 60_000 })
  const taken = data?.funnels.find((one) => one.name === name)
  const isSaved = data?.funnels.some((one) => one.name === funnel && one.source === 'events')
  const complete = countable(draft)
  const { mutate, isPending } = useMutation({
    mutationFn: (definition: Draft) =>
      send(saveFunnel, {
        name,
        definition: JSON.parse(writeDraft(definition)),
        project: range.project ?? undefined,
      }),
    onSuccess: () => {
      notifications.show({ color: 'tide', message: `${name} is saved.` })
      void client.invalidateQueries({ queryKey: [getFunnelAnalytics.id] })
      if (name === funnel) void setSearch({ definition: null })
      else router.push(of(name))
    },
    onError: (error) =>
      notifications.show({ color: 'red', title: `${name} was not saved`, message: detailOf(error) }),
    onSettled: () => refreshFunnels(client),
  })
  const save = () => {
    if (!complete) return
    if (taken?.source !== 'events' || name === funnel) return mutate(complete)
    confirm({
      title: `Replace ${name}?`,
      children: (
        <Text size="sm">
          There is a saved funnel of this name. Its definition is replaced for everyone in this project, and
          cannot be brought back. No record is touched.
        </Text>
      ),
      confirm: 'Replace the funnel',
      cancel: 'Change nothing',
      onConfirm: () => mutate(complete),
    })
  }
  return (
    <div className={classes.save}>
      <TextInput
        size="xs"
        w={200}
        aria-label="Name of the funnel"
        placeholder="Name"
        maxLength={200}
        value={given}
        error={taken?.source === 'stages' ? 'A tracked funnel has this name' : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button
        size="xs"
        loading={isPending}
        disabled={!complete || name === '' || taken?.source === 'stages'}
        onClick={save}
      >
        {isSaved && name === funnel ? 'Save the changes' : 'Save'}
      </Button>
      <Button
        size="xs"
        variant="default"
        onClick={() => (isSaved ? setSearch({ definition: null }) : router.push(list))}
      >
        {isSaved ? 'Undo changes' : 'Discard'}
      </Button>
    </div>
  )
}
