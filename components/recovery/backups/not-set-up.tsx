import { EmptyState } from '@/components/ui/empty-state'

/** What to do where nothing makes backups. */
export const NotSetUp = () => (
  <EmptyState title="Backups are not set up">
    Nothing makes backups of this database: it was not started from here, and BACKUP_PROVIDER names nothing
    that does. deploy/README.md tells how to set pgBackRest up; Holdfast then shows its backups, drills them,
    and watches the archive.
  </EmptyState>
)
