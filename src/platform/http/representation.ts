import { Type } from 'typebox'
import { Refusal } from '../../vocabulary/refusal.ts'

export type Representation = 'json' | 'csv'

export const MEDIA_TYPES = {
  json: 'application/json',
  csv: 'text/csv',
  html: 'text/html',
} as const

/** The `Content-Type` of a CSV answer. */
export const CSV_CONTENT_TYPE = 'text/csv; charset=utf-8; header=present'

/** The query parameter for callers that can't set a header, Excel among them. */
export const FormatQuery = Type.Enum(['json', 'csv'], {
  type: 'string',
  description: 'The form of the answer; goes before the Accept header.',
})

/** The form in which to answer: `format` where it is given, else what the Accept header prefers; JSON of equals. */
export const representationFor = (accept: string | undefined, format?: string | undefined): Representation =>
  representationAmong(['json', 'csv'], accept, format)

/** The same among the forms that a call offers; of those that are accepted alike, the first. */
export function representationAmong<Form extends keyof typeof MEDIA_TYPES>(
  forms: readonly Form[],
  accept: string | undefined,
  format?: string | undefined,
): Form {
  if (format !== undefined) {
    const named = forms.find((form) => form === format)
    if (named !== undefined) return named
    const detail = 'The format is unknown.'
    throw new Refusal('invalid-request', detail, [
      { pointer: '/query/format', code: 'not-allowed', detail, allowed: forms },
    ])
  }
  const ranges = parseAccept(accept)
  if (ranges.length === 0) return forms[0]!
  const qualities = forms.map((form) => qualityOf(MEDIA_TYPES[form], ranges))
  const best = Math.max(...qualities)
  if (best === 0) {
    const detail = 'The Accept header rules out every form in which this can be given.'
    throw new Refusal('not-acceptable', detail, [
      {
        pointer: '/headers/accept',
        code: 'not-acceptable',
        detail,
        allowed: forms.map((form) => MEDIA_TYPES[form]),
      },
    ])
  }
  return forms[qualities.indexOf(best)]!
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
