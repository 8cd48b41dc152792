import type { ReportingYear } from '../vocabulary/period.ts'
import { TABLE_NAMES, type TableName } from '../vocabulary/ssda903.ts'
import { type CareRecord, type Episode, isShortBreak } from './care-record.ts'
import { ageOn, type DayNumber, inWriting, inWritingBy, OPEN, yearEnd, yearStart } from './day-number.ts'
import { healthRow } from './health-row.ts'

export type Rows = Map<TableName, string[][]>

export const emptyTables = (): Rows => new Map(TABLE_NAMES.map((name) => [name, []]))

/** Returns hold social-worker episodes from 2023-24 and deprivations of liberty from 2026-27. */
const SOCIAL_WORKERS_SINCE = 2024
const DEPRIVATIONS_SINCE = 2027

/**
 * Adds what a council would return on a child for one reporting year: nothing that is known only after its 31 March,
 * and codes as that year's return has them. A child without anything to return gets no row.
 */
export function addToReturn(rows: Rows, record: CareRecord, year: ReportingYear): void {
  const [first, last] = [yearStart(year), yearEnd(year)]
  const episodes = episodesIn(record, first, last)
  const birthdayRow = record.birthdaysAfterCare.find(({ day }) => day >= first && day <= last)
  if (episodes.length === 0 && !birthdayRow) return
  const { id } = record
  const born = inWriting(record.born)
  const add = (table: TableName, ...cells: string[]): void => void rows.get(table)!.push([id, ...cells])

  add(
    'Header',
    sexIn(year, record.sex),
    born,
    record.ethnic,
    upnOn(last, record),
    ...motherhood(last, record),
  )
  if (birthdayRow) {
    const { inTouch, activity, accommodation } = birthdayRow
    add('OC3', born, inTouch, activityIn(year, activity), accommodation)
  }
  if (episodes.length === 0) return

  for (const episode of episodes) rows.get('Episodes')!.push(episodeRow(id, episode, record, year, last))
  if (record.uascUntil !== null)
    add('UASC', sexIn(year, record.sex), born, inWritingBy(last, record.uascUntil))
  for (const { day, code } of record.reviews)
    if (day >= first && day <= last) add('Reviews', born, inWriting(day), code)
  if (isTwelveMonthsInCare(record, episodes, first, last)) rows.get('OC2')!.push(healthRow(record, year))
  addAdoption(rows, record, first, last)
  const permanence = record.previousPermanence.find(({ started }) => started >= first && started <= last)
  if (permanence) add('PrevPerm', born, permanence.option, permanence.authority, permanence.date)
  for (const { kind, from, until } of record.missing)
    if (from <= last && until >= first) add('Missing', born, kind, inWriting(from), inWritingBy(last, until))
  if (year >= SOCIAL_WORKERS_SINCE)
    for (const { worker, from, until, reason } of record.workers)
      if (from <= last && until >= first)
        add('SWEpisodes', born, worker, inWriting(from), inWritingBy(last, until), reason)
  if (year >= DEPRIVATIONS_SINCE)
    for (const { from, until } of record.deprivations)
      if (from <= last && until >= first) add('DoLo', born, inWriting(from), inWritingBy(last, until))
}

/** Every episode that overlaps the year; one that ceases on 1 April is in the new year's return as ceased. */
const episodesIn = (record: CareRecord, first: DayNumber, last: DayNumber): Episode[] =>
  record.periods
    .filter((period) => period.from <= last && period.until >= first)
    .flatMap((period) => period.episodes.filter(({ from, until }) => from <= last && until >= first))

function episodeRow(
  id: string,
  { from, until, rne, ls, cin, home, rec, reasonPlaceChange }: Episode,
  { homePostcode }: CareRecord,
  year: ReportingYear,
  last: DayNumber,
): string[] {
  const ceased = until <= last
  return [
    id,
    inWriting(from),
    rne,
    ls,
    cin,
    placeIn(year, home.place, home.placeSince2026),
    home.provider,
    ceased ? inWriting(until) : '',
    ceased ? ceasingIn(year, rec) : '',
    ceased ? reasonPlaceChange : '',
    homePostcode,
    home.postcode,
    home.urn,
  ]
}

const OLD_SEX: Readonly<Record<string, string>> = { M: '1', F: '2' }

/** Sex is 1 or 2 up to 2023-24; what those years could not say is returned as 2. */
const sexIn = (year: ReportingYear, sex: string): string => (year <= 2024 ? (OLD_SEX[sex] ?? '2') : sex)

const placeIn = (year: ReportingYear, place: string, since2026: string | undefined): string =>
  year >= 2026 && since2026 !== undefined ? since2026 : place

const OLD_GUARDIANSHIP: Readonly<Record<string, string>> = { E45: 'E43', E46: 'E43', E47: 'E44', E48: 'E44' }
const ceasingIn = (year: ReportingYear, rec: string): string =>
  year <= 2018 ? (OLD_GUARDIANSHIP[rec] ?? rec) : rec

/** Apprenticeships and other work are one until 2020-21. */
const OLD_WORK: Readonly<Record<string, string>> = { F4: 'F3', F5: 'F3', P4: 'P3', P5: 'P3' }
const activityIn = (year: ReportingYear, activity: string): string =>
  year <= 2021 ? (OLD_WORK[activity] ?? activity) : activity

const upnOn = (day: DayNumber, { upn, born, uascUntil }: CareRecord): string =>
  ageOn(day, born) < 4 ? 'UN1' : uascUntil !== null ? 'UN2' : upn

function motherhood(day: DayNumber, { sex, born, motherSince }: CareRecord): [string, string] {
  if (sex !== 'F' || ageOn(day, born) < 12) return ['', '']
  return motherSince <= day ? ['1', inWriting(motherSince)] : ['0', '']
}

/** Looked after continuously for the twelve months to 31 March (indicators.md 2.5): the children of table OC2. */
function isTwelveMonthsInCare(
  { periods }: CareRecord,
  episodes: readonly Episode[],
  first: DayNumber,
  last: DayNumber,
): boolean {
  if (episodes.some(({ ls }) => isShortBreak(ls))) return false
  if (periods.some(({ until }) => until >= first && until < last)) return false
  return periods.some(({ from, until }) => from <= first && until >= last)
}

function addAdoption(
  rows: Rows,
  { id, born: birth, decisions, adoption }: CareRecord,
  first: DayNumber,
  last: DayNumber,
): void {
  const born = inWriting(birth)
  for (const { from, until, reversedFor } of decisions)
    if (from <= last && until >= first) {
      const reversed = reversedFor !== '' && until <= last
      rows
        .get('PlacedAdoption')!
        .push([id, born, inWriting(from), reversed ? inWriting(until) : '', reversed ? reversedFor : ''])
    }
  if (!adoption || adoption.ordered === OPEN || adoption.ordered < first || adoption.ordered > last) return
  rows
    .get('AD1')!
    .push([
      id,
      born,
      inWriting(adoption.decided),
      inWriting(adoption.matched),
      adoption.byFosterCarer ? '1' : '0',
      adoption.adopters,
      adoption.adoptersSex,
      adoption.adoptersStatus,
    ])
}
