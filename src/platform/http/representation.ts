import { Type } from 'typebox'
import { Refusal } from '../../vocabulary/refusal.ts'

export type Representation = 'json' | 'csv'

export const MEDIA_TYPES = {
  json: 'application/json',
  csv: 'text/csv',
} as const satisfies Record<Representation, string>

/** The `Content-Type` of a CSV answer. */
export const CSV_CONTENT_TYPE = 'text/csv; charset=utf-8; header=present'

/** The query parameter for callers that can't set a header, Excel among them. */
export const FormatQuery = Type.Enum(['json', 'csv'], {
  type: 'string',
  description: 'The form of the answer; goes before the Accept header.',
})

/** The form in which to answer: `format` where it is given, else what the Accept header prefers; JSON of equals. */
export function representationFor(accept: string | undefined, format?: string | undefined): Representation {
  if (format !== undefined) {
    if (format === 'json' || format === 'csv') return format
    const detail = 'The format is unknown.'
    throw new Refusal('invalid-request', detail, [
      { pointer: '/query/format', code: 'not-allowed', detail, allowed: ['json', 'csv'] },
    ])
  }
  const ranges = parseAccept(accept)
  if (ranges.length === 0) return 'json'
  const [json, csv] = [qualityOf(MEDIA_TYPES.json, ranges), qualityOf(MEDIA_TYPES.csv, ranges)]
  if (json === 0 && csv === 0) {
    const detail = 'The Accept header rules out every form in which this can be given.'
    throw new Refusal('not-acceptable', detail, [
      { pointer: '/headers/accept', code: 'not-acceptable', detail, allowed: Object.values(MEDIA_TYPES) },
    ])
  }
  return csv > json ? 'csv' : 'json'
}

interface MediaRange {
  readonly type: string
  readonly quality: number
}

function parseAccept(accept: string | undefined): MediaRange[] {
  return (accept ?? '').split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    if (type === '') return []
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))
    const quality = weight === undefined ? 1 : Number(weight.replace(/^q\s*=\s*/, '') || Number.NaN)
    return quality >= 0 && quality <= 1 ? [{ type, quality }] : []
  })
}

/** The quality that the most specific range gives to a media type: `text/csv;q=0, *` refuses CSV, although `*` covers it. */
function qualityOf(mediaType: string, ranges: readonly MediaRange[]): number {
  for (const range of [mediaType, `${mediaType.split('/')[0]}/*`, '*/*', '*']) {
    const matches = ranges.filter(({ type }) => type === range)
    if (matches.length > 0) return Math.max(...matches.map(({ quality }) => quality))
  }
  return 0
}
