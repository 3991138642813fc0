'use client'

import { NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'

export interface ProjectValues {
  name: string
  allowedOrigins: string[]
  timezone: string
  /** Empty: kept for ever. */
  retentionDays: number | string
  dropBots: boolean
  allowedAgents: string[]
  hashRoutes: boolean
}

/** What a form sends: an empty number means for ever. */
export const toInput = ({ retentionDays, ...values }: ProjectValues) => ({
  ...values,
  retentionDays: retentionDays === '' ? null : Number(retentionDays),
})

// UTC is no member of the list in every browser, but every project begins with it.
const timezones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')]

/** The fields of a project, for a new one and for one that is changed. */
export function ProjectFields({
  form,
  readOnly,
}: {
  form: UseFormReturnType<ProjectValues>
  readOnly?: boolean
}) {
  return (
    <>
      <TextInput label="Name" readOnly={readOnly} {...form.getInputProps('name')} />
      <TagsInput
        label="Allowed origins"
        description="Where browsers may post from: https://shop.example, any subdomain as https://*.shop.example, any port as http://localhost:*, an app as capacitor://localhost, or * for all. Press Enter after each. Servers need none."
        placeholder={readOnly || form.values.allowedOrigins.length > 0 ? undefined : 'https://shop.example'}
        readOnly={readOnly}
        clearable={!readOnly}
        clearButtonProps={{ 'aria-label': 'Remove all origins' }}
        {...form.getInputProps('allowedOrigins')}
      />
      <Select
        label="Timezone"
        description="Days, weeks and months of every chart begin at its midnight. Stored times do not change."
        data={timezones.includes(form.values.timezone) ? timezones : [form.values.timezone, ...timezones]}
        searchable
        limit={100}
        allowDeselect={false}
        readOnly={readOnly}
        {...form.getInputProps('timezone')}
      />
      <NumberInput
        label="Retention in days"
        description="Records that occurred longer ago are deleted for good. Empty keeps them for ever."
        placeholder="For ever"
        min={1}
        max={36_500}
        allowDecimal={false}
        readOnly={readOnly}
        {...form.getInputProps('retentionDays')}
      />
      <Switch
        label="Leave bots out"
        description="Records that crawlers, monitors and headless browsers send are counted on the Events page, and not stored. Servers that record with a secret key are no bots."
        disabled={readOnly}
        {...form.getInputProps('dropBots', { type: 'checkbox' })}
      />
      {form.values.dropBots && (
        <TagsInput
          label="Never a bot"
          description="Parts of user agents whose records are kept all the same, such as your own monitor’s. Press Enter after each."
          placeholder={readOnly || form.values.allowedAgents.length > 0 ? undefined : 'AcmeMonitor'}
          readOnly={readOnly}
          {...form.getInputProps('allowedAgents')}
        />
      )}
      <Switch
        label="Pages by #/"
        description="For apps whose routes stand after a #: /app#/cart is a page of its own. Holds for what is recorded from now on."
        disabled={readOnly}
        {...form.getInputProps('hashRoutes', { type: 'checkbox' })}
      />
    </>
  )
}
