import { csvFiles, syntheticReturns } from '../../src/synthetic/synthetic-council.ts'
import { RECORD_KINDS, type RecordKind, type RecordKindName } from '../../src/vocabulary/record-kinds.ts'
import type { SentFile } from './returns-app.ts'
import { goodRecord, type SampleRecord } from './sample-records.ts'

/**
 * A council whose every identifier is known: ids of children, social workers, records and homes, pupil numbers,
 * postcodes, names of files and free texts carry marks that nothing else has; dates of birth are listed.
 */
export const CANARY = {
  child: 'QZKID100038',
  worker: 'QZWORKER371776',
  upn: 'M998700100038',
  postcode: 'QX7 3ZJ',
  urn: 'SC987612',
  born: '20/12/2005',
  file: 'QZFILE-of-ada.csv',
  record: 'QZREC1',
  text: 'QZWORD',
} as const

const MARKS = /QZ(?:KID|WORKER|FILE|REC|WORD)|\bQX\s*\d|\b[A-Z]998\d{9}\b|\bSC9876\d\d\b/gi
const POSTCODE = /\b[A-Z]{1,2}\d[A-Z\d]? (?=\d[A-Z]{2}\b)/g

/** The returns of some years, by label of the year. */
export function canaryReturns(): { year: string; files: SentFile[] }[] {
  return syntheticReturns({ seed: 903, firstYear: 2023, lastYear: 2025, childrenInCare: 40 }).map((made) => ({
    year: `${made.year - 1}-${String(made.year).slice(2)}`,
    files: csvFiles(made).map(({ name, text }) => ({
      name: `QZFILE-${name}`,
      content: text
        .replaceAll(/^\d{6}(?=,)/gm, 'QZKID$&')
        .replaceAll(/\bSW(?=\d{6}\b)/g, 'QZWORKER')
        .replaceAll(POSTCODE, 'QX7 ')
        .replaceAll(/,\d{5}(\d\d)$/gm, ',SC9876$1'),
    })),
  }))
}

/** The nth record of a kind, about children of the council. */
export function canaryRecord(kind: RecordKind<RecordKindName>, n = 0): SampleRecord {
  const record = goodRecord(kind, n)
  for (const { kind: form, name } of kind.columns) {
    if (form === 'child' && record[name] !== null) record[name] = CANARY.child
    if (form === 'id' && record[name] !== null) record[name] = `QZREC${n}`
    if (record[name] === 'WORD') record[name] = CANARY.text
  }
  return record
}

export const CANARY_KINDS = RECORD_KINDS

/** Dates of birth as files and as answers write them. */
const births = new Set(
  canaryReturns().flatMap(({ files }) =>
    files
      .filter(({ name }) => name.endsWith('header.csv'))
      .flatMap(({ content }) => String(content).match(/\d\d\/\d\d\/\d{4}/g) ?? [])
      .flatMap((day) => [day, day.split('/').reverse().join('-')]),
  ),
)

/** What of the council stands in a text: as it is, percent-encoded, or as base64 (as cursors are). */
export function marksIn(text: string): string[] {
  const decoded = text.replaceAll(/%[\da-f]{2}/gi, (byte) =>
    String.fromCharCode(Number.parseInt(byte.slice(1), 16)),
  )
  const plain = (text.match(/[A-Za-z\d_+/-]{16,}/g) ?? []).map((word) =>
    Buffer.from(word, 'base64').toString('latin1'),
  )
  return [text, decoded, ...plain].flatMap((one) => one.match(MARKS) ?? [])
}

/** Dates of birth in a text; for texts that have no other business with days. */
export const birthsIn = (text: string): string[] =>
  (text.match(/\d{4}-\d\d-\d\d|\d\d\/\d\d\/\d{4}/g) ?? []).filter((day) => births.has(day))
