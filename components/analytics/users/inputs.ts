import type { inferParserType } from 'nuqs/server'
import { filtersOf, given, rangeOf } from '@/components/analytics/inputs'
import type { getUser, listUserRecords, listUsers } from '@/lib/analytics/users/contract'
import type { InputOf } from '@/lib/http/client'
import { userFields, type userListParsers, type userParsers } from './search-params'

export type UserListSearch = inferParserType<typeof userListParsers>
export type UserSearch = inferParserType<typeof userParsers>

export const usersInput = (search: UserListSearch): InputOf<typeof listUsers> =>
  given({
    ...rangeOf(search),
    ...filtersOf(search, userFields),
    search: search.search,
    cursor: search.cursor,
    limit: '50',
  })

/** Of a user's project: what asks for the profile, the export and the deletion take. */
export const userInput = (userId: string, { project }: Pick<UserSearch, 'project'>) =>
  given<InputOf<typeof getUser>>({ userId, project })

export const timelineInput = (userId: string, search: UserSearch): InputOf<typeof listUserRecords> =>
  given({ userId, project: search.project, kind: search.kind, cursor: search.cursor, limit: '50' })
