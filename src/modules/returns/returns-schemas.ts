import { Type } from 'typebox'
import { AuthorityCode, Cursor, pageLimit } from '../../platform/http/parameters.ts'
import { problemWith } from '../../platform/http/problem.ts'
import { FormatQuery } from '../../platform/http/representation.ts'
import { named, refTo } from '../../platform/http/schema-names.ts'
import { TABLE_NAMES } from '../../vocabulary/ssda903.ts'

/** What the calls on returns take and give. */

export const OfAuthority = Type.Object({ authority: AuthorityCode }, { additionalProperties: false })

export const OfReturn = Type.Object(
  {
    authority: AuthorityCode,
    id: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The return’s id, as the answer to its loading and the list of returns give it (a UUID).',
      examples: ['0198f3a2-6c1e-7d4b-9a55-2f1f6f0c7e10'],
    }),
  },
  { additionalProperties: false },
)

export const LoadQuery = Type.Object(
  {
    year: Type.String({
      minLength: 1,
      maxLength: 40,
      description:
        'The reporting year that the return is for: `2024-25` is 1 April 2024 to 31 March 2025. From 2016-17 to 2026-27.',
      examples: ['2024-25'],
    }),
    to: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 40,
        description:
          'Last day that the files know about, `YYYY-MM-DD`, for an extract from within the year. The year’s last day unless told, or today while the year is running.',
        examples: ['2024-12-31'],
      }),
    ),
    accept: Type.Optional(
      Type.Enum(['partial'], {
        type: 'string',
        description:
          'With `partial`, rows that can be understood are loaded although others have errors; the findings list what was left out. Otherwise any error refuses the whole return.',
      }),
    ),
    dryRun: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'With `true`, everything is done but nothing is kept: the answer tells what was found, and which headline figures would move.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const ReturnsQuery = Type.Object(
  { limit: Type.Optional(pageLimit(20, 100)), cursor: Type.Optional(Cursor) },
  { additionalProperties: false },
)

export const FindingsQuery = Type.Object(
  {
    severity: Type.Optional(
      Type.Enum(['error', 'warning'], {
        type: 'string',
        description: 'Only the findings of this severity; all unless told.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'Most findings on a page: 100 unless told, in CSV all.',
      }),
    ),
    cursor: Type.Optional(Cursor),
    format: Type.Optional(FormatQuery),
  },
  { additionalProperties: false },
)

const Severity = Type.Enum(['error', 'warning'], {
  type: 'string',
  description:
    '`error`: the row can’t be understood, and is not loaded. `warning`: it is odd but understood, and loaded.',
})
const Rule = Type.String({
  description:
    'The DfE’s validation rule (`142`), or a word of this service where the DfE has none (`duplicate`).',
})
const TableNameOrNull = Type.Union([Type.Enum(TABLE_NAMES, { type: 'string' }), Type.Null()], {
  description: 'The table of the return; null where the whole return is meant.',
})
const Columns = Type.Array(Type.String(), { description: 'The columns that it is about.' })
const Message = Type.String({
  description: 'What is wrong or odd, and what is allowed. Never a value of the file.',
})
const count = (description: string) => Type.Integer({ minimum: 0, description })
const Result = Type.Enum(['loaded', 'unchanged', 'checked'], {
  type: 'string',
  description:
    '`loaded`: the return is in force. `unchanged`: the same files were loaded already, nothing changed. `checked`: a dry run, nothing is kept.',
})

export const Finding = named(
  'Finding',
  Type.Object(
    {
      severity: Severity,
      rule: Rule,
      table: TableNameOrNull,
      file: Type.Union([Type.String(), Type.Null()], {
        description: 'The file, by the name it was sent under; null where the whole return is meant.',
      }),
      row: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
        description:
          'The line of the file on which the row begins, the header row being line 1; null where the whole table is meant.',
      }),
      columns: Columns,
      message: Message,
    },
    {
      additionalProperties: false,
      description: 'What is wrong or odd in one row of a return. It names the place and never the value.',
    },
  ),
)

const FindingCount = named(
  'FindingCount',
  Type.Object(
    {
      severity: Severity,
      rule: Rule,
      table: TableNameOrNull,
      columns: Columns,
      message: Message,
      count: count('How many times.'),
    },
    { additionalProperties: false, description: 'Equal findings of a return, counted.' },
  ),
)

const TableRows = named(
  'TableRows',
  Type.Object(
    {
      table: Type.Enum(TABLE_NAMES, { type: 'string', description: 'The table of the return.' }),
      kept: count('Rows that were loaded.'),
      leftOut: count('Rows that have an error and were left out.'),
    },
    { additionalProperties: false, description: 'The rows of one table of a return.' },
  ),
)

export const ReturnSummary = named(
  'ReturnSummary',
  Type.Object(
    {
      rowsRead: count('Rows in all files, header rows and empty rows not counted.'),
      tables: Type.Array(refTo(TableRows), { description: 'The tables that were in the return.' }),
      errors: count('Findings of severity `error`.'),
      warnings: count('Findings of severity `warning`.'),
      findings: Type.Array(refTo(FindingCount), {
        description:
          'What was found, equal findings counted together: errors first, the most frequent first.',
      }),
      listIsCut: Type.Boolean({
        description:
          'Whether there were more findings than are listed row by row (20,000). The counts are exact all the same.',
      }),
    },
    { additionalProperties: false, description: 'What was read, kept and found in a return.' },
  ),
)

const ReturnFile = named(
  'ReturnFile',
  Type.Object(
    {
      name: Type.String({ description: 'The name under which it was sent.' }),
      table: Type.Enum(TABLE_NAMES, { type: 'string', description: 'The table that it holds.' }),
      rows: count('Its rows, header row and empty rows not counted.'),
    },
    { additionalProperties: false, description: 'A file of a return.' },
  ),
)

const returnMembers = {
  id: Type.String({ format: 'uuid', description: 'The return’s id.' }),
  authority: Type.String({ description: 'The authority’s nine-character GSS code.' }),
  year: Type.String({ description: 'The reporting year it is for, such as `2024-25`.' }),
  coversFrom: Type.String({ format: 'date', description: 'First day that it knows about.' }),
  coversTo: Type.String({ format: 'date', description: 'Last day that it knows about.' }),
  inForce: Type.Boolean({
    description:
      'Whether figures are made from it. A later return for the same year takes its place; withdrawing that one brings it back.',
  }),
  acceptedPartially: Type.Boolean({
    description: 'Whether it was sent with `accept=partial`, so that rows with errors were left out.',
  }),
  files: Type.Array(refTo(ReturnFile), { description: 'Its files.' }),
  errors: count('Findings of severity `error`: rows that were left out.'),
  warnings: count('Findings of severity `warning`: rows that are odd but loaded.'),
  loadedAt: Type.String({ format: 'date-time', description: 'When it was loaded.' }),
  loadedBy: Type.String({ description: 'Who loaded it.' }),
}

export const Return = named(
  'Return',
  Type.Object(returnMembers, {
    additionalProperties: false,
    description: 'One delivery of an authority’s records for one reporting year.',
  }),
)

export const ReturnWithSummary = named(
  'ReturnWithSummary',
  Type.Object(
    { ...returnMembers, summary: refTo(ReturnSummary) },
    { additionalProperties: false, description: 'A return, and what was read, kept and found in it.' },
  ),
)

const FigureOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

export const HeadlineChange = named(
  'HeadlineChange',
  Type.Object(
    {
      indicator: Type.String({ description: 'The indicator’s id.' }),
      period: Type.String({ description: 'The period, such as `2024-25`.' }),
      before: FigureOrNull('The figure as it stands; null where there is none.'),
      after: FigureOrNull('The figure as it would be with the return; null where there is none.'),
    },
    { additionalProperties: false, description: 'A headline figure that a return would move.' },
  ),
)

export const LoadAnswer = named(
  'LoadAnswer',
  Type.Object(
    {
      result: Result,
      return: Type.Optional(refTo(Return)),
      summary: refTo(ReturnSummary),
      findings: Type.Optional(
        Type.Array(refTo(Finding), {
          description:
            'In the answer to a dry run: every finding, since none is kept. Those of a loaded return are at `/findings` under its address.',
        }),
      ),
      headlines: Type.Optional(
        Type.Array(refTo(HeadlineChange), {
          description: 'In the answer to a dry run: the headline figures that would move.',
        }),
      ),
    },
    {
      additionalProperties: false,
      description: 'What became of a return that was sent. A dry run keeps nothing, so it has no `return`.',
    },
  ),
)

export const ReturnPage = named(
  'ReturnPage',
  Type.Object(
    {
      data: Type.Array(refTo(Return), { description: 'The returns, the newest first.' }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Cursor of the next page; null on the last.',
      }),
    },
    { additionalProperties: false, description: 'A page of an authority’s returns.' },
  ),
)

export const FindingPage = named(
  'FindingPage',
  Type.Object(
    {
      data: Type.Array(refTo(Finding), {
        description: 'The findings: errors first, then by table and row.',
      }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Cursor of the next page; null on the last.',
      }),
    },
    { additionalProperties: false, description: 'A page of a return’s findings.' },
  ),
)

export const ReturnProblem = problemWith(
  'ReturnProblem',
  {
    summary: Type.Optional(refTo(ReturnSummary)),
    findings: Type.Optional(
      Type.Array(refTo(Finding), {
        description: 'With `return-refused`: every finding, errors first, then by table and row.',
      }),
    ),
  },
  'Why a return was not loaded. Nothing was changed. `summary` and `findings` come with `return-refused` only.',
)

/** Bodies are streams, so nothing here is checked: it is for readers of the document. */
export const LoadBody = {
  description:
    'The files of the return, as they are. Names do not matter: a table is known by the column names in its header row.',
  content: {
    'multipart/form-data': {
      schema: Type.Unsafe<unknown>({
        type: 'object',
        description: 'One part per file; the names of the parts do not matter. A ZIP among them is unpacked.',
        properties: {
          files: {
            type: 'array',
            description: 'The CSV files.',
            items: { description: 'A CSV file.', contentMediaType: 'text/csv' },
          },
        },
      }),
    },
    'application/zip': {
      schema: Type.Unsafe<unknown>({
        description: 'A ZIP of the CSV files; folders in it do not matter.',
        contentMediaType: 'application/zip',
      }),
    },
    'text/csv': {
      schema: Type.Unsafe<unknown>({
        description:
          'One CSV file, named by Content-Disposition. A return needs Header and Episodes at least, so this only serves to check one.',
        contentMediaType: 'text/csv',
      }),
    },
  },
}

/** Schemas to register once, those that others point to first. */
export const RETURN_SCHEMAS = [
  Finding,
  FindingCount,
  TableRows,
  ReturnSummary,
  ReturnFile,
  Return,
  ReturnWithSummary,
  HeadlineChange,
  LoadAnswer,
  ReturnPage,
  FindingPage,
  ReturnProblem,
]
