'use client'

import { ActionIcon, Button, Menu, Skeleton } from '@mantine/core'
import {
  IconDevicesOff,
  IconDots,
  IconLink,
  IconPlus,
  IconShieldOff,
  IconTrash,
  IconUserEdit,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ComponentType, useState } from 'react'
import { PageHeader } from '@/components/layout/page-header'
import { useProject } from '@/components/layout/project-select'
import type { Column } from '@/components/ui/data-table'
import { formatDay } from '@/components/ui/format'
import { Rows } from '@/components/ui/grid'
import { later } from '@/components/ui/later'
import { Panel } from '@/components/ui/panel'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { type AccountItem, listAccounts } from '@/lib/access/accounts/contract'
import { query } from '@/lib/http/client'
import { useAccountActions } from './accounts/use-account-actions'

const ChangeAccount = later(() => import('./accounts/change-account').then((loaded) => loaded.ChangeAccount))
const InviteAccount = later(() => import('./accounts/invite-account').then((loaded) => loaded.InviteAccount))
const RenewLink = later(() => import('./accounts/renew-link').then((loaded) => loaded.RenewLink))
const ResetFactor = later(() => import('./accounts/reset-factor').then((loaded) => loaded.ResetFactor))

/** The dialog that is open: about an account, or about nobody yet. */
type Opened =
  | { form: ComponentType<{ account: AccountItem; onClose: () => void }>; account: AccountItem }
  | { form: ComponentType<{ onClose: () => void }> }

/** Who may sign in, and what they may do. */
export function AccountsPanel() {
  const [opened, setOpened] = useState<Opened>()
  const { data, error, refetch, isFetching } = useQuery(query(listAccounts, {}))
  const { projects } = useProject()
  const actions = useAccountActions()
  const close = () => setOpened(undefined)
  const nameOf = (id: string) => projects.find((one) => one.id === id)?.name ?? id
  return (
    <>
      <PageHeader title="Accounts" lead={error ? undefined : 'Who may sign in, and what they may do.'}>
        {data && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened({ form: InviteAccount })}>
            Invite someone
          </Button>
        )}
      </PageHeader>
      <Rows>
        {error && <ProblemAlert error={error} retry={() => void refetch()} retrying={isFetching} />}
        {!data && !error && <Skeleton h={240} radius="lg" />}
        {data && (
          <Panel
            title="Everyone"
            definition="A role is for the cluster: a viewer sees it, an operator acts on it, an admin does everything in every project. The others see the projects that they are in. What is changed here counts within 5 seconds on every server."
            csv="accounts"
            table={{
              caption: 'Accounts',
              columns: [
                ...columnsFor(nameOf),
                {
                  title: 'Actions',
                  right: true,
                  value: () => null,
                  show: (account) => <Actions account={account} actions={actions} open={setOpened} />,
                },
              ],
              rows: data.accounts,
              rowKey: ({ id }) => id,
            }}
          />
        )}
      </Rows>
      {opened && 'account' in opened && <opened.form account={opened.account} onClose={close} />}
      {opened && !('account' in opened) && <opened.form onClose={close} />}
    </>
  )
}

function columnsFor(nameOf: (projectId: string) => string): Column<AccountItem>[] {
  const projectsOf = ({ role, memberships }: AccountItem) =>
    role === 'admin'
      ? 'every project'
      : memberships
          .map((one) =>
            one.role === 'operator' ? `${nameOf(one.projectId)} (operator)` : nameOf(one.projectId),
          )
          .join(', ') || 'none'
  return [
    { title: 'E-mail', value: ({ email }) => email },
    { title: 'Role', value: ({ role }) => role },
    { title: 'Projects', wide: true, minor: true, value: projectsOf },
    { title: 'State', minor: true, value: stateOf, nowrap: true },
    {
      title: 'Since (UTC)',
      minor: true,
      value: ({ createdAt }) => createdAt,
      show: ({ createdAt }) => formatDay(createdAt, 'UTC'),
      nowrap: true,
    },
  ]
}

function stateOf({ hasPassword, secondFactor, signsInElsewhere, invitedUntil }: AccountItem): string {
  if (hasPassword) {
    const state = secondFactor ? 'may sign in, with a code' : 'may sign in'
    return invitedUntil ? `${state}; link until ${formatDay(invitedUntil, 'UTC')}` : state
  }
  if (signsInElsewhere) return 'may sign in elsewhere'
  return invitedUntil ? `invited until ${formatDay(invitedUntil, 'UTC')}` : 'the link is too old'
}

interface ActionsProps {
  account: AccountItem
  actions: ReturnType<typeof useAccountActions>
  open: (dialog: Opened) => void
}

function Actions({ account, actions, open }: ActionsProps) {
  return (
    <Menu position="bottom-end" shadow="md" width={230}>
      <Menu.Target>
        <ActionIcon size="md" aria-label={`Actions for ${account.email}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconUserEdit size={16} />}
          onClick={() => open({ form: ChangeAccount, account })}
        >
          Change what they may do
        </Menu.Item>
        <Menu.Item leftSection={<IconLink size={16} />} onClick={() => open({ form: RenewLink, account })}>
          {account.hasPassword ? 'Link for a new password' : 'Another link'}
        </Menu.Item>
        <Menu.Item leftSection={<IconDevicesOff size={16} />} onClick={() => actions.signOut(account)}>
          Sign out everywhere
        </Menu.Item>
        {account.secondFactor && (
          <Menu.Item
            leftSection={<IconShieldOff size={16} />}
            onClick={() => open({ form: ResetFactor, account })}
          >
            Remove the second factor
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconTrash size={16} />}
          c="var(--hf-bad)"
          onClick={() => actions.askToRemove(account)}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
