import { type TSchema, Type } from 'typebox'
import { AuthorityCode, Cursor, pageLimit } from '../../platform/http/parameters.ts'
import { problemWith } from '../../platform/http/problem.ts'
import { type Named, named, refTo } from '../../platform/http/schema-names.ts'
import { XLSX } from '../../returns/upload.ts'
import { LONGEST_CHILD, LONGEST_ID, type RecordColumn } from '../../vocabulary/record-columns.ts'
import {
  childColumnOf,
  RECORD_KIND_NAMES,
  type RecordKind,
  type RecordKindName,
} from '../../vocabulary/record-kinds.ts'

/** What the calls on records take and give. What differs between kinds is made from their declaration. */

export const OfAuthority = Type.Object({ authority: AuthorityCode }, { additionalProperties: false })

export const OfRecord = Type.Object(
  {
    authority: AuthorityCode,
    id: Type.String({
      minLength: 1,
      maxLength: LONGEST_ID,
      description: 'The record’s id, as the system that keeps it gives it. Upper and lower case differ.',
    }),
  },
  { additionalProperties: false },
)

const loadMembers = {
  accept: Type.Optional(
    Type.Enum(['partial'], {
      type: 'string',
      description:
        'With `partial`, rows without an error are written although others have one. Otherwise any error refuses the whole file.',
    }),
  ),
  dryRun: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'With `true`, everything is done but nothing is kept: the answer tells what was found.',
    }),
  ),
}

export const LoadQuery = Type.Object(
  {
    ...loadMembers,
    asAt: Type.Optional(
      Type.String({
        maxLength: 10,
        description:
          'Of a list as Ofsted publishes it: the day that it describes, `YYYY-MM-DD`, not after today. Without it, the day that the list’s titles, the names of its sheets, its file name or its cover tell (`as at 31 March 2025`), and otherwise today. Records are kept under URN and day, so that a later list keeps what an earlier one said.',
      }),
    ),
  },
  { additionalProperties: false },
)
const LoadQueryWithoutDay = Type.Object(loadMembers, { additionalProperties: false })

/** Only a list that others publish has a day of its own. */
export const loadQueryOf = (kind: RecordKind): typeof LoadQuery =>
  kind.publishedAs === undefined ? (LoadQueryWithoutDay as unknown as typeof LoadQuery) : LoadQuery

const listMembers = {
  from: Type.Optional(
    Type.String({ maxLength: 10, description: 'Only records dated on this day or later, `YYYY-MM-DD`.' }),
  ),
  to: Type.Optional(
    Type.String({ maxLength: 10, description: 'Only records dated on this day or earlier, `YYYY-MM-DD`.' }),
  ),
  limit: Type.Optional(pageLimit(100, 1000)),
  cursor: Type.Optional(Cursor),
}

export const ListQuery = Type.Object(
  {
    child: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: LONGEST_CHILD,
        pattern: '^[^\\u0000-\\u001f\\u007f]+$',
        description: 'Only the records of this child.',
      }),
    ),
    ...listMembers,
  },
  { additionalProperties: false },
)
const ListQueryWithoutChild = Type.Object(listMembers, { additionalProperties: false })

/** A list of records that are of nobody can't be asked for a child's. */
export const listQueryOf = (kind: RecordKind): typeof ListQuery =>
  childColumnOf(kind) === null ? (ListQueryWithoutChild as unknown as typeof ListQuery) : ListQuery

/* ---- findings --------------------------------------------------------------------------------------------- */

const Severity = Type.Enum(['error', 'warning'], {
  type: 'string',
  description: '`error`: the row can’t be written. `warning`: it is odd but understood, and written.',
})
const Rule = Type.String({ description: 'The rule that is broken: stable, lower case, with hyphens.' })
const Table = Type.Enum(RECORD_KIND_NAMES, { type: 'string', description: 'The kind of record.' })
const Columns = Type.Array(Type.String(), {
  description: 'The columns that it is about, by the headings of the file.',
})
const Message = Type.String({ description: 'What is wrong, for people, and what is allowed.' })
const count = (description: string) => Type.Integer({ minimum: 0, description })

const RecordFinding = named(
  'RecordFinding',
  Type.Object(
    {
      severity: Severity,
      rule: Rule,
      table: Table,
      file: Type.Union([Type.String(), Type.Null()], {
        description: 'The file, by the name it was sent under; null for a record that was written singly.',
      }),
      row: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
        description:
          'The line of the file on which the row begins, the header row being line 1, or the number of the row in the sheet that the message names; null for a record that was written singly.',
      }),
      columns: Columns,
      message: Message,
      allowed: Type.Optional(Type.Array(Type.String(), { description: 'What is allowed in the column.' })),
    },
    {
      additionalProperties: false,
      description: 'What is wrong or odd in one record. It names the place and never the value.',
    },
  ),
)

const RecordFindingCount = named(
  'RecordFindingCount',
  Type.Object(
    {
      severity: Severity,
      rule: Rule,
      table: Table,
      columns: Columns,
      message: Message,
      count: count('How many times.'),
    },
    { additionalProperties: false, description: 'Equal findings of a file, counted.' },
  ),
)

const RecordsSummary = named(
  'RecordsSummary',
  Type.Object(
    {
      errors: count('Findings of severity `error`.'),
      warnings: count('Findings of severity `warning`.'),
      findings: Type.Array(refTo(RecordFindingCount), {
        description:
          'What was found, equal findings counted together: errors first, the most frequent first.',
      }),
      listIsCut: Type.Boolean({
        description:
          'Whether there were more findings than are listed row by row (1,000). The counts are exact all the same.',
      }),
    },
    { additionalProperties: false, description: 'What was found in a file of records.' },
  ),
)

const FoundInRows = Type.Array(refTo(RecordFinding), {
  description: 'The first 1,000 findings: errors first, then by row.',
})

export const RecordsAnswer = named(
  'RecordsAnswer',
  Type.Object(
    {
      result: Type.Enum(['loaded', 'unchanged', 'checked'], {
        type: 'string',
        description:
          '`loaded`: something changed. `unchanged`: every record was there already as it came. `checked`: a dry run.',
      }),
      kind: Type.Enum(RECORD_KIND_NAMES, { type: 'string', description: 'The kind of record.' }),
      rowsRead: count(
        'Rows of the file, header row and empty rows not counted; those of all its sheets, for a workbook. Rows of one URN are one record.',
      ),
      created: count('Records that are new.'),
      changed: count('Records that took the place of others with the same id.'),
      unchanged: count('Records that were there already as they came.'),
      leftOut: count('Rows that have an error and were left out (`accept=partial`).'),
      asAt: Type.Optional(
        Type.Union([Type.String({ format: 'date' }), Type.Null()], {
          description:
            'The day that a published list describes, as it was told or found; null for a file with the kind’s own columns.',
        }),
      ),
      summary: refTo(RecordsSummary),
      findings: FoundInRows,
    },
    { additionalProperties: false, description: 'What became of a file of records.' },
  ),
)

export const RecordsProblem = problemWith(
  'RecordsProblem',
  {
    summary: Type.Optional(refTo(RecordsSummary)),
    findings: Type.Optional(FoundInRows),
  },
  'Why records were not written. Nothing was changed. `summary` and `findings` come with the rows of a file only.',
)

/* ---- the kinds -------------------------------------------------------------------------------------------- */

const RecordColumnEntry = named(
  'RecordColumn',
  Type.Object(
    {
      name: Type.String({ description: 'Its name: in JSON, in the header row of CSV, in the database.' }),
      type: Type.Enum(
        ['id', 'child', 'day', 'moment', 'code', 'whole-number', 'number', 'text', 'academic-year'],
        {
          type: 'string',
          description:
            'What it holds. A `moment` is a day, with the local time where it is known; a `child` is the id that the returns use.',
        },
      ),
      required: Type.Boolean({ description: 'Whether it must be given.' }),
      description: Type.String({ description: 'What it says.' }),
      source: Type.Enum(['ssd', 'ours'], {
        type: 'string',
        description: '`ssd`: an item of the Standard Safeguarding Dataset. `ours`: an addition in its style.',
      }),
      allowed: Type.Array(Type.String(), {
        description: 'What is allowed: the codes of a code, the bounds or the form of everything else.',
      }),
      labels: Type.Optional(
        Type.Record(Type.String(), Type.String(), { description: 'The meanings of a code’s codes.' }),
      ),
    },
    { additionalProperties: false, description: 'A column of a kind of record.' },
  ),
)

const RecordRuleEntry = named(
  'RecordRule',
  Type.Object(
    {
      rule: Type.String({ description: 'Its name, as findings give it.' }),
      severity: Severity,
      columns: Columns,
      message: Type.String({ description: 'What is said where it is broken.' }),
    },
    { additionalProperties: false, description: 'A rule between the columns of a record.' },
  ),
)

const RecordKindEntry = named(
  'RecordKind',
  Type.Object(
    {
      kind: Type.Enum(RECORD_KIND_NAMES, { type: 'string', description: 'Its name, as in the address.' }),
      title: Type.String({ description: 'Its title.' }),
      description: Type.String({ description: 'What one record is.' }),
      columns: Type.Array(refTo(RecordColumnEntry), { description: 'Its columns; their order is free.' }),
      rules: Type.Array(refTo(RecordRuleEntry), { description: 'The rules between its columns.' }),
      mostRows: count('Rows that one file may have.'),
    },
    { additionalProperties: false, description: 'A kind of record that is kept beside the returns.' },
  ),
)

export const RecordKindList = named(
  'RecordKindList',
  Type.Object(
    {
      data: Type.Array(refTo(RecordKindEntry), { description: 'Every kind.' }),
      next: Type.Null({ description: 'Always null: the list is given whole.' }),
    },
    { additionalProperties: false, description: 'The kinds of record.' },
  ),
)

/** Schemas to register once, those that others point to first. */
export const RECORD_SCHEMAS = [
  RecordFinding,
  RecordFindingCount,
  RecordsSummary,
  RecordsAnswer,
  RecordsProblem,
  RecordColumnEntry,
  RecordRuleEntry,
  RecordKindEntry,
  RecordKindList,
]

/* ---- one kind --------------------------------------------------------------------------------------------- */

/** A record's columns as JSON. */
export type GivenColumns = Readonly<Record<string, string | number | null>>

export interface GivenRecord {
  readonly kind: RecordKindName
  readonly id: string
  /** Left out where the use of the child's records is restricted. */
  readonly record?: GivenColumns
  readonly restricted?: boolean
  readonly revision: number
  readonly writtenAt: string
  readonly writtenBy: string
  readonly result?: 'created' | 'changed' | 'unchanged'
  readonly findings?: readonly unknown[]
}

export interface KindSchemas {
  readonly columns: Named<TSchema>
  readonly record: Named<TSchema> & { readonly '~unsafe'?: GivenRecord }
  readonly page: Named<TSchema>
}

const typeOf = (column: RecordColumn): { type: string } & Record<string, unknown> => {
  switch (column.kind) {
    case 'id':
      return { type: 'string', minLength: 1, maxLength: LONGEST_ID }
    case 'child':
      return { type: 'string', minLength: 1, maxLength: LONGEST_CHILD }
    case 'text':
      return {
        type: 'string',
        minLength: 1,
        maxLength: column.longest,
        ...(column.form && { pattern: column.form.source }),
      }
    case 'day':
      return { type: 'string', format: 'date' }
    case 'moment':
      return { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}(?:T\\d{2}:\\d{2}(?::\\d{2})?)?$' }
    case 'code':
      return { type: 'string', enum: Object.keys(column.codes) }
    case 'whole-number':
      return { type: 'integer', minimum: column.least, maximum: column.most }
    case 'number':
      return { type: 'number', minimum: column.least, maximum: column.most }
    case 'academic-year':
      return { type: 'string', pattern: '^20\\d\\d-\\d\\d$' }
  }
}

function columnSchema(column: RecordColumn): TSchema {
  const { type, ...rest } = typeOf(column)
  const codes = 'enum' in rest && { enum: [...(rest.enum as string[]), ...(column.required ? [] : [null])] }
  return Type.Unsafe<string | number | null>({
    ...rest,
    type: column.required ? type : [type, 'null'],
    ...codes,
    description: describedColumn(column),
  })
}

function describedColumn(column: RecordColumn): string {
  const parts = [column.description]
  if (column.kind === 'code')
    parts.push(
      `${Object.entries(column.codes)
        .map(([code, label]) => `\`${code}\` ${label}`)
        .join('; ')}.`,
    )
  if (column.kind === 'moment')
    parts.push('A day, with the local time in England where it is known: `2024-06-07`, `2024-06-07T22:00`.')
  if (column.kind === 'number') parts.push('Kept to four decimals.')
  return parts.join(' ')
}

/** The schemas of a kind: its columns, a record with what the service knows of it, and a page of those. */
export function schemasOf(kind: RecordKind): KindSchemas {
  const columns = named(
    `${kind.one}Columns`,
    Type.Unsafe<GivenColumns>({
      type: 'object',
      description: kind.description,
      properties: Object.fromEntries(kind.columns.map((column) => [column.name, columnSchema(column)])),
      required: kind.columns
        .filter((column) => column.required && column.kind !== 'id')
        .map(({ name }) => name),
      additionalProperties: false,
    }),
  )
  const record = named(
    `Kept${kind.one}`,
    Type.Object(
      {
        kind: Type.Enum([kind.name], { type: 'string', description: 'The kind of record.' }),
        id: Type.String({ description: 'Its id.' }),
        record: Type.Optional(refTo(columns as Named<TSchema>)),
        restricted: Type.Optional(
          Type.Boolean({
            description:
              'True in a list where the use of the child’s records is restricted, so that `record` is left out; left out otherwise.',
          }),
        ),
        revision: Type.Integer({
          minimum: 1,
          description: 'Counts up with every write that changed something; the first is 1.',
        }),
        writtenAt: Type.String({ format: 'date-time', description: 'When it was written, or last changed.' }),
        writtenBy: Type.String({ description: 'Who wrote it.' }),
        result: Type.Optional(
          Type.Enum(['created', 'changed', 'unchanged'], {
            type: 'string',
            description: 'In the answer to a write: what it did.',
          }),
        ),
        findings: Type.Optional(
          Type.Array(refTo(RecordFinding), {
            description: 'In the answer to a write: what is odd about it.',
          }),
        ),
      },
      {
        additionalProperties: false,
        description: `A record of ${kind.name}, and what the service knows of it.`,
      },
    ),
  )
  const page = named(
    `${kind.one}Page`,
    Type.Object(
      {
        data: Type.Array(refTo(record), { description: 'The records, by id.' }),
        next: Type.Union([Type.String(), Type.Null()], {
          description: 'Cursor of the next page; null on the last.',
        }),
      },
      { additionalProperties: false, description: `A page of ${kind.name}.` },
    ),
  )
  return { columns, record, page }
}

/** The body of a file, for readers of the document: it is a stream, and read as it comes. */
export const loadBodyOf = (kind: RecordKind) => {
  const listed = kind.publishedAs !== undefined
  const file = listed ? 'The CSV file or workbook' : 'The CSV file'
  return {
    description: `One CSV file (UTF-8) with the columns ${kind.columns.map(({ name }) => `\`${name}\``).join(', ')}, in any order; a column that may be blank may be missing.${listed ? ` Or one of Ofsted’s lists of providers as it is published: the Excel workbook (.xlsx, at most 64 MiB unpacked), or one of its sheets as CSV. Which it is, is told by what is in it.` : ''} At most 100,000 rows.`,
    content: {
      'text/csv': {
        schema: { description: 'The CSV file, named by Content-Disposition.', contentMediaType: 'text/csv' },
      },
      ...(listed && {
        [XLSX]: {
          schema: { description: 'The workbook, named by Content-Disposition.', contentMediaType: XLSX },
        },
      }),
      'multipart/form-data': {
        schema: {
          type: 'object',
          description: 'A form with the one file; the name of its part does not matter.',
          properties: { file: { description: `${file}.`, contentMediaType: 'text/csv' } },
        },
      },
    },
  }
}
