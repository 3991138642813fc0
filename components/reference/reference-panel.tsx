'use client'

import { Anchor, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { parseAsString, useQueryState } from 'nuqs'
import { PageHeader } from '@/components/layout/page-header'
import { atBase } from '@/lib/http/base-path'
import type { Operation } from './operation'
import { OperationView } from './operation-view'
import classes from './reference.module.css'

/** Every endpoint of the API; the search keeps those that name all of its words. */
export function ReferencePanel({ operations }: { operations: Operation[] }) {
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault(''))
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found = operations.filter((operation) => words.every((word) => textOf(operation).includes(word)))
  const groups = [...new Set(found.map((operation) => operation.group))]
  return (
    <>
      <PageHeader title="API reference">
        <Anchor href={atBase('/api/openapi.json')} size="sm">
          OpenAPI 3.1 document
        </Anchor>
        <TextInput
          type="search"
          aria-label="Search the endpoints"
          placeholder="Search"
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value || null)}
        />
      </PageHeader>
      <div className={classes.layout}>
        {groups.map((group) => (
          <section key={group} className={classes.layout} aria-label={group}>
            <Title order={2} className={classes.group}>
              {group}
            </Title>
            {found
              .filter((operation) => operation.group === group)
              .map((operation) => (
                <OperationView key={operation.id} operation={operation} />
              ))}
          </section>
        ))}
        {found.length === 0 && <p role="status">No endpoint names all of these words.</p>}
      </div>
    </>
  )
}

const textOf = ({ id, method, path, summary, access, parameters, body }: Operation): string =>
  [id, method, path, summary, access, ...[...parameters, ...body].map((field) => field.name)]
    .join(' ')
    .toLowerCase()
