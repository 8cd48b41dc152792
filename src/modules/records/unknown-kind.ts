import { nearRecordKinds, RECORD_KIND_NAMES } from '../../vocabulary/record-kinds.ts'
import { Refusal } from '../../vocabulary/refusal.ts'

/** Refuses a kind of record that there is not, with those there are. */
export function unknownKind(kind: string): Refusal {
  const detail = 'There is no such kind of record.'
  const didYouMean = nearRecordKinds(kind)
  return new Refusal('unknown-record-kind', detail, [
    {
      pointer: '/path/kind',
      code: 'unknown-record-kind',
      detail,
      allowed: RECORD_KIND_NAMES,
      ...(didYouMean.length > 0 && { didYouMean }),
    },
  ])
}
