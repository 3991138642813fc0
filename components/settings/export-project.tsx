import { Button, Code, Group, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Panel } from '@/components/ui/panel'
import type { ProjectItem } from '@/lib/access/projects/contract'
import { exportRecords } from '@/lib/analytics/export/contract'
import { atBase } from '@/lib/http/base-path'

/** Lets the browser save every record of a project. */
export function ExportProject({ project }: { project: ProjectItem }) {
  return (
    <Panel title="Export all records">
      <Text size="sm" mb="sm" maw={620}>
        Every record of every kind, a JSON object a line. <Code>npm run import</Code> reads the file back,
        into this project or another, here or elsewhere.
      </Text>
      <Group>
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={16} />}
          href={`${atBase(exportRecords.path)}?project=${project.id}`}
          download={`${project.name.replace(/[^\w.@-]+/g, '_')}.ndjson`}
        >
          Export {project.name}
        </Button>
      </Group>
    </Panel>
  )
}
