'use client'

import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { parseAsString, useQueryStates } from 'nuqs'
import { useEffect, useState } from 'react'
import { eventParsers } from './search-params'

/** Milliseconds without a key before the server is asked. */
const PAUSE_MS = 300

/** Words to look for, kept in the URL; a change goes back to the first page. */
export function SearchField({ label, placeholder }: { label: string; placeholder: string }) {
  const [{ search }, setSearch] = useQueryStates({ search: parseAsString, cursor: eventParsers.cursor })
  const [text, setText] = useState(search ?? '')
  // The way back in the history changes the URL without this field.
  useEffect(() => setText(search ?? ''), [search])
  const apply = (value: string) => void setSearch({ search: value.trim() || null, cursor: null })
  const applySoon = useDebouncedCallback(apply, PAUSE_MS)
  const clear = () => {
    setText('')
    apply('')
  }
  return (
    <TextInput
      size="xs"
      w={220}
      type="search"
      role="searchbox"
      aria-label={label}
      placeholder={placeholder}
      maxLength={200}
      leftSection={<IconSearch size={14} />}
      rightSection={text && <CloseButton size="xs" aria-label="Clear the search" onClick={clear} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        applySoon(event.currentTarget.value)
      }}
      onKeyDown={(event) => event.key === 'Enter' && apply(event.currentTarget.value)}
    />
  )
}
