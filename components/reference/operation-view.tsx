'use client'

import { Text, Title } from '@mantine/core'
import { type Column, DataTable } from '@/components/ui/data-table'
import { CodeLines } from '@/components/ui/empty-state'
import type { Field, Operation } from './operation'
import classes from './reference.module.css'

const columns: Column<Field>[] = [
  { title: 'Field', value: (field) => field.name, show: (field) => <code>{field.name}</code> },
  { title: 'Type', value: (field) => field.type },
  { title: 'Required', value: (field) => (field.required ? 'required' : null) },
  { title: 'Meaning', value: (field) => field.description },
]

const answerColumns = columns.filter((column) => column.title !== 'Required')

/** One endpoint: a line that opens to what it takes and what it answers. */
export function OperationView({ operation }: { operation: Operation }) {
  const { method, path, summary, description, access, parameters, body, status, answer, curl } = operation
  return (
    <details className={classes.operation} id={operation.id}>
      <summary>
        <span className={classes.line} style={{ display: 'inline-flex', width: 'calc(100% - 20px)' }}>
          <span className={classes.method}>{method}</span>
          <span className={classes.path}>{path}</span>
          <span className={classes.summary}>{summary}</span>
        </span>
      </summary>
      <div className={classes.body}>
        <Text size="sm">
          {description && `${description} `}For: {access}.
        </Text>
        <Fields title="Parameters" fields={parameters} columns={columns} of={operation.id} />
        <Fields title="Request" fields={body} columns={columns} of={operation.id} />
        <Fields title={`Answer ${status}`} fields={answer} columns={answerColumns} of={operation.id} />
        <CodeLines code={curl} label="Copy the call" />
      </div>
    </details>
  )
}

interface FieldsProps {
  title: string
  fields: Field[]
  columns: Column<Field>[]
  of: string
}

function Fields({ title, fields, columns: shown, of }: FieldsProps) {
  if (fields.length === 0) return null
  return (
    <div>
      <Title order={3} mb={4}>
        {title}
      </Title>
      <DataTable caption={`${title} of ${of}`} columns={shown} rows={fields} rowKey={(field) => field.name} />
    </div>
  )
}
