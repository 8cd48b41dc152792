import { covers } from './naive-care.ts'
import { average, type Count, counting, type NaiveIndicator, saying } from './naive-indicator.ts'
import { lookedAfterAt, starters, workersKnown } from './naive-populations.ts'

/** Custody and remand (indicators.md 4.10), and the social workers of looked-after children (4.11). */

const inCustody = saying(lookedAfterAt, (_care, { dimensions }) => ({
  inCustody: dimensions['placement-code'] === 'r5' || dimensions['legal-status-code'] === 'j1',
}))

const onRemand = saying(starters, (_care, { dimensions }) => ({
  onRemand: dimensions['legal-status-code'] === 'j1',
}))

/** Each social worker with the children looked after on the day, the child counted once for each. */
const socialWorkers: Count = (all, { lastDay }, held) => {
  const children = new Map<string, number>()
  for (const care of all) {
    if (!care.care.some(({ decom, dec }) => covers(decom, dec, lastDay))) continue
    const allocated = workersKnown(care, held).filter(({ from, until }) => covers(from, until, lastDay))
    for (const worker of new Set(allocated.map((one) => one.worker))) {
      children.set(worker, (children.get(worker) ?? 0) + 1)
    }
  }
  return [...children.values()].map((allocated) => ({ dimensions: {}, is: { allocated } }))
}

const withoutWorker = saying(lookedAfterAt, (_care, { is }) => ({ isWithout: is.hasWorkerNow === false }))

export const NAIVE_JUSTICE_AND_WORKFORCE: Readonly<Record<string, NaiveIndicator>> = {
  'cla-in-custody-count': counting(inCustody, 'inCustody'),
  'remand-starters-count': counting(onRemand, 'onRemand'),
  'cla-sw-caseload': { ...average(socialWorkers, 'allocated'), workers: true },
  'cla-without-sw-count': { ...counting(withoutWorker, 'isWithout'), workers: true },
}
