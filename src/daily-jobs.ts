import { clearEvents } from './events/event-store.ts'
import { clearAccess } from './platform/access/clear-access.ts'
import type { Database } from './platform/database/database.ts'
import { clearAnswers, SERVICE } from './platform/database/idempotency-keys.ts'
import type { DailyJob } from './platform/jobs/jobs.ts'

const DAY_MS = 86_400_000

/** What has had its time is cleared away once a day, of every authority. */
export function dailyJobs(parts: {
  readonly database: Database
  readonly authorities: readonly string[]
  readonly eventDays: number
  readonly now: () => Date
}): DailyJob[] {
  const { database, authorities, eventDays, now } = parts
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
  ]
}
