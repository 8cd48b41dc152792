import { clearEvents } from './events/event-store.ts'
import { clearAccess } from './platform/access/clear-access.ts'
import type { Database } from './platform/database/database.ts'
import { clearAnswers, SERVICE } from './platform/database/idempotency-keys.ts'
import type { DailyJob } from './platform/jobs/jobs.ts'
import type { SubjectOf } from './returns/erased-rows.ts'
import { eraseExpired } from './rights/retention.ts'
import { todayInEngland } from './vocabulary/day.ts'

const DAY_MS = 86_400_000

/** What has had its time is cleared away once a day, of every authority. */
export function dailyJobs(parts: {
  readonly database: Database
  readonly authorities: readonly string[]
  readonly eventDays: number
  /** The birthday on which a child is erased; null: never. */
  readonly retentionAge: number | null
  readonly subjectOf: SubjectOf
  readonly now: () => Date
  readonly onChange: () => void
}): DailyJob[] {
  const { database, authorities, eventDays, retentionAge, subjectOf, now, onChange } = parts
  return [
    {
      name: 'events.clear',
      run: async () => {
        const before = new Date(now().getTime() - eventDays * DAY_MS)
        await database.write(authorities, (transaction) => clearEvents(transaction, before))
      },
    },
    {
      name: 'idempotency.clear',
      run: () => database.write([...authorities, SERVICE], (transaction) => clearAnswers(transaction)),
    },
    {
      name: 'access.clear',
      run: () => database.write([], (transaction) => clearAccess(transaction, now())),
    },
    {
      name: 'retention',
      run: async () => {
        if (retentionAge === null) return
        const of = { authorities, age: retentionAge, today: todayInEngland(now()), subjectOf }
        const erased = await eraseExpired(database, { ...of, by: 'retention' })
        if (erased.length > 0) onChange()
      },
    },
  ]
}
