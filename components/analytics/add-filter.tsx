'use client'

import { Button, Popover, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconFilter } from '@tabler/icons-react'
import { useState } from 'react'
import type { FilterChoice } from './filter-bar'
import { filterLabels } from './use-filters'
import { usePropertyKeys } from './use-property-keys'

/** Asks for a field and the value that it must have. */
export function AddFilter({
  fields,
  properties,
  contextKeys,
  onAdd,
}: Required<FilterChoice> & { onAdd: (field: string, value: string) => void }) {
  const [opened, setOpened] = useState(false)
  const keys = usePropertyKeys(properties)
  const form = useForm({
    initialValues: { field: fields[0] as string, value: '' },
    validate: { value: (value) => (value === '' ? 'A value is needed' : null) },
  })
  const add = form.onSubmit(({ field, value }) => {
    onAdd(field, value)
    form.setFieldValue('value', '')
    setOpened(false)
  })
  return (
    <Popover opened={opened} onChange={setOpened} width={280} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFilter size={15} />}
          onClick={() => setOpened(!opened)}
        >
          Add a filter
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add a filter">
        <form onSubmit={add}>
          <Stack gap="xs">
            <Select
              label="Field"
              size="xs"
              searchable
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
              data={[
                { group: 'Fields', items: fields.map((value) => ({ value, label: filterLabels[value] })) },
                { group: 'Properties', items: keys.map((key) => ({ value: `property.${key}`, label: key })) },
                {
                  group: 'Context',
                  items: contextKeys.map((key) => ({ value: `context.${key}`, label: key })),
                },
              ].filter(({ items }) => items.length > 0)}
              {...form.getInputProps('field')}
            />
            <TextInput label="is exactly" size="xs" data-autofocus {...form.getInputProps('value')} />
            <Button type="submit" size="xs">
              Add
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
