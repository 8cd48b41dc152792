import type { IndicatorDefinition } from '../indicators/definition.ts'
import { EveryFault } from '../indicators/every-fault.ts'
import { readPeriods } from '../indicators/period-query.ts'
import type { Period } from '../vocabulary/period.ts'
import { type Fault, Refusal } from '../vocabulary/refusal.ts'
import { unknownMembers } from '../vocabulary/unknown-members.ts'
import { faultsOfWrittenText } from '../vocabulary/written-text.ts'

/** A target as it was sent, understood. */
export interface GivenTarget {
  readonly period: Period
  readonly value: number | null
  readonly amber: number | null
  readonly commentary: string | null
}

export const LONGEST_COMMENTARY = 2_000
/** Larger than any figure of a council's; beyond it digits would be lost. */
const LARGEST = 1_000_000_000

const MEMBERS = ['period', 'value', 'amber', 'commentary']

/** Reads what was sent for an indicator's target; one problem names every fault. Null is as good as left out. */
export function readGivenTarget(
  body: Readonly<Record<string, unknown>>,
  indicator: IndicatorDefinition,
): GivenTarget {
  const faults = new EveryFault()
  const { period: periodGiven, value = null, amber = null, commentary = null } = body
  const period = faults.reading(() => periodIn(periodGiven))
  faults.reading(() => {
    const found = [
      ...unknownMembers(body, MEMBERS, 'A target has no such member.'),
      ...(value === null ? [] : faultsOfValue('/body/value', value, indicator)),
      ...(amber === null ? [] : faultsOfAmber(value, amber, indicator)),
      ...(commentary === null ? [] : faultsOfWrittenText(commentary, '/body/commentary', LONGEST_COMMENTARY)),
    ]
    if (value === null && commentary === null && found.length === 0)
      found.push({
        pointer: '/body',
        code: 'missing',
        detail: 'There is neither a target nor a commentary in it; DELETE takes a target away.',
        allowed: ['value', 'commentary'],
      })
    if (found.length > 0)
      throw new Refusal('invalid-request', 'The target can not be set as it was sent.', found)
  })
  faults.refuse()
  return {
    period: period!,
    value: value as number | null,
    amber: amber as number | null,
    commentary: commentary === null ? null : (commentary as string).trim(),
  }
}

function periodIn(given: unknown): Period {
  if (typeof given === 'string') return readPeriods([given], '/body/period')[0]!
  const detail = given === undefined ? 'The period is missing.' : 'The period must be a text.'
  const fault = {
    pointer: '/body/period',
    code: given === undefined ? 'missing' : 'wrong-type',
    detail,
    allowed: ['a period such as 2024-25, 2024-25Q4, 2025-03 or 2025-03-31'],
  }
  throw new Refusal('invalid-request', 'The target can not be set as it was sent.', [fault])
}

/** What a value of the indicator may be. A score can be below zero: Progress 8 is set about an average of 0; so can what is gained less what is lost. */
function rangeOf(indicator: IndicatorDefinition): {
  readonly least: number
  readonly most: number
  readonly inWords: string
} {
  const { unit } = indicator
  if (indicator.kind === 'count' && indicator.weight !== undefined)
    return { least: -LARGEST, most: LARGEST, inWords: 'a whole number, below 0 of a loss' }
  switch (unit) {
    case 'percentage':
      return { least: 0, most: 100, inWords: 'a number from 0 to 100, in percent' }
    case 'count':
      return { least: 0, most: LARGEST, inWords: 'a whole number, 0 or more' }
    case 'score':
      return { least: -LARGEST, most: LARGEST, inWords: 'a number (score)' }
    default:
      return { least: 0, most: LARGEST, inWords: `a number, 0 or more (${unit})` }
  }
}

function faultsOfValue(pointer: string, given: unknown, indicator: IndicatorDefinition): Fault[] {
  const { least, most, inWords } = rangeOf(indicator)
  const allowed = [inWords]
  if (typeof given !== 'number' || !Number.isFinite(given))
    return [{ pointer, code: 'wrong-type', detail: 'It must be a number.', allowed }]
  if (given < least || given > most)
    return [{ pointer, code: 'out-of-range', detail: `${given} is no value of ${indicator.id}.`, allowed }]
  if (indicator.unit === 'count' && !Number.isInteger(given))
    return [
      { pointer, code: 'not-whole', detail: `${indicator.id} counts whole children or events.`, allowed },
    ]
  return []
}

/** Amber lies on the worse side of the target, so there is none where neither side is worse. */
function faultsOfAmber(value: unknown, amber: unknown, indicator: IndicatorDefinition): Fault[] {
  const pointer = '/body/amber'
  const { polarity } = indicator
  if (polarity === 'neutral')
    return [
      {
        pointer,
        code: 'not-allowed',
        detail: `Of ${indicator.id} neither more nor less is worse, so there is nothing between the target and red; leave amber out.`,
      },
    ]
  const faults = faultsOfValue(pointer, amber, indicator)
  if (faults.length > 0) return faults
  if (value === null)
    return [
      { pointer, code: 'not-allowed', detail: 'There is no amber without a target.', allowed: ['value'] },
    ]
  if (typeof value !== 'number') return []
  const isWorse = polarity === 'higher-is-better' ? (amber as number) < value : (amber as number) > value
  if (isWorse) return []
  const worse = polarity === 'higher-is-better' ? 'less' : 'more'
  return [
    {
      pointer,
      code: 'wrong-side',
      detail: `Of ${indicator.id} ${worse} is worse (${polarity}), so amber must be ${worse} than the target.`,
      allowed: [`${worse} than ${value}`],
    },
  ]
}
