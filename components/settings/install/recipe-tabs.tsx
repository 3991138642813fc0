'use client'

import { Stack, Tabs, Text } from '@mantine/core'
import { CodeLines } from '@/components/ui/empty-state'
import { Panel } from '@/components/ui/panel'
import { recipes } from './recipes'

/** The same in the words of each framework. */
export function RecipeTabs({ address, shownKey }: { address: string; shownKey: string }) {
  const all = recipes(address, shownKey)
  return (
    <Panel title="In your app">
      <Tabs defaultValue="html" keepMounted={false}>
        <Tabs.List aria-label="Recipes">
          {all.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id} px={{ base: 'xs', xs: 'md' }}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {all.map(({ id, lead, steps }) => (
          <Tabs.Panel key={id} value={id} pt="sm">
            <Stack gap="md">
              <Text size="sm">{lead}</Text>
              {steps.map(({ title, code }) => (
                <div key={title}>
                  <Text size="sm" fw={600} mb={4}>
                    {title}
                  </Text>
                  <CodeLines code={code} label="Copy" of={title} />
                </div>
              ))}
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  )
}
