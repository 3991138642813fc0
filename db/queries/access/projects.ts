import { asc, eq } from 'drizzle-orm'
import type { Db } from '@/db/connect'
import { projects } from '@/db/schema'

/** Every project, oldest first. */
export async function findProjects(db: Db) {
  return db.select().from(projects).orderBy(asc(projects.createdAt), asc(projects.id))
}

/** Makes a project; nothing, if the name is taken. */
export async function insertProject(db: Db, project: typeof projects.$inferInsert) {
  const [row] = await db.insert(projects).values(project).onConflictDoNothing().returning()
  return row
}

/** Changes a project; nothing, if there is none with this id. */
export async function updateProject(db: Db, id: string, changes: Partial<typeof projects.$inferInsert>) {
  const [row] = await db.update(projects).set(changes).where(eq(projects.id, id)).returning()
  return row
}
