'use client'

import { Alert, Anchor, Code, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import Link from 'next/link'
import { CodeLines } from '@/components/ui/empty-state'
import { Columns } from '@/components/ui/grid'
import { Panel } from '@/components/ui/panel'
import type { ProjectItem } from '@/lib/access/projects/contract'
import classes from './install.module.css'

/** From where browsers may post, and what their pages must let the tracker do. */
export function Access({ project, origin }: { project: ProjectItem; origin: string }) {
  const settings = (
    <Anchor component={Link} href={`/settings/project?project=${project.id}`} fz="sm" underline="always">
      Settings › Project
    </Anchor>
  )
  return (
    <Columns of="two">
      <Panel title="Allowed origins">
        {project.allowedOrigins.length === 0 ? (
          <Alert
            color="yellow"
            variant="outline"
            icon={<IconAlertTriangle size={18} />}
            title="No origin is allowed yet"
          >
            <Text size="sm">
              Browsers get 403 from everywhere but this server itself. Add your site’s origin in {settings}.
            </Text>
          </Alert>
        ) : (
          <Stack gap="xs">
            <ul className={classes.list}>
              {project.allowedOrigins.map((one) => (
                <li key={one}>
                  <Code>{one}</Code>
                </li>
              ))}
            </ul>
            <Text size="sm">Browsers may post from these. Change them in {settings}.</Text>
          </Stack>
        )}
      </Panel>
      <Panel title="Content-Security-Policy">
        <Stack gap="xs">
          <Text size="sm">A site that sends this header needs in it:</Text>
          <CodeLines code={`script-src ${origin};\nconnect-src ${origin};`} label="Copy the policy" />
          <Text size="sm">
            Where the policy has a nonce and <Code>strict-dynamic</Code>, put the nonce on the script tag
            instead of the first line.
          </Text>
        </Stack>
      </Panel>
    </Columns>
  )
}
