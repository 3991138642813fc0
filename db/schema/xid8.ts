import { customType } from 'drizzle-orm/pg-core'

/** A transaction's number, which never comes round again. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })
