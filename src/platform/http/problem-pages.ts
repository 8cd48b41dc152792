import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { nearMatches } from '../../vocabulary/near-match.ts'
import { REFUSAL_REASONS, Refusal, type RefusalReason } from '../../vocabulary/refusal.ts'
import { onlyRefusals, problems } from './problem.ts'
import { baseUrlOf } from './public-url.ts'
import { named, refTo } from './schema-names.ts'

const ProblemType = named(
  'ProblemType',
  Type.Object(
    {
      type: Type.String({ format: 'uri', description: 'The address in the `type` of such a problem.' }),
      code: Type.String({ description: 'Its last segment.' }),
      status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
      title: Type.String({ description: 'The reason in a few words.' }),
      explanation: Type.String({ description: 'What it means and what to do about it.' }),
    },
    { additionalProperties: false, description: 'A kind of problem.' },
  ),
)

const ProblemTypeList = named(
  'ProblemTypeList',
  Type.Object(
    {
      data: Type.Array(refTo(ProblemType), { description: 'Every kind of problem.' }),
      next: Type.Null({ description: 'Always null: the list is given whole.' }),
    },
    { additionalProperties: false, description: 'Every kind of problem.' },
  ),
)

const page = Type.String({ description: 'A page for people.' })

export interface ProblemPagesOptions {
  readonly publicUrl: string | null
}

/** The addresses that a problem's `type` gives: a page for people, or JSON for whoever accepts only that. */
export const problemPages: FastifyPluginAsyncTypebox<ProblemPagesOptions> = async (app, { publicUrl }) => {
  app.addSchema(ProblemType)
  app.addSchema(ProblemTypeList)

  app.get(
    '/problems',
    {
      schema: {
        operationId: 'listProblemTypes',
        tags: ['Service'],
        summary: 'Every kind of problem',
        description:
          'The reasons for which a call may be refused, with what each means and what to do about it.',
        response: {
          200: {
            description: 'The kinds of problem.',
            content: {
              'text/html': { schema: page },
              'application/json': { schema: refTo(ProblemTypeList) },
            },
          },
          ...onlyRefusals('too-many-requests', 'internal-error', 'unavailable'),
        },
      },
    },
    async (request, reply) => {
      const base = baseUrlOf(request, publicUrl)
      if (prefersJson(request))
        return reply
          .headers(CACHING)
          .send({ data: REFUSAL_REASONS.map((reason) => problemType(base, reason)), next: null })
      return sendPage(
        reply,
        'Problems',
        `<p>Why the Corporate Parenting API refuses a call. The last part of a problem’s <code>type</code> is its code.</p>
<ul>${REFUSAL_REASONS.map(listItem).join('\n')}</ul>`,
      )
    },
  )

  app.get(
    '/problems/:code',
    {
      schema: {
        operationId: 'getProblemType',
        tags: ['Service'],
        summary: 'One kind of problem',
        description: 'What a problem of this type means and what to do about it.',
        params: Type.Object(
          { code: Type.String({ maxLength: 60, description: 'The last segment of a problem’s `type`.' }) },
          { additionalProperties: false },
        ),
        response: {
          200: {
            description: 'The kind of problem.',
            content: { 'text/html': { schema: page }, 'application/json': { schema: refTo(ProblemType) } },
          },
          ...onlyRefusals(
            'not-found',
            'invalid-request',
            'too-many-requests',
            'internal-error',
            'unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const reason = REFUSAL_REASONS.find((known) => known === request.params.code)
      if (reason === undefined) throw noSuchProblem(request.params.code)
      if (prefersJson(request))
        return reply.headers(CACHING).send(problemType(baseUrlOf(request, publicUrl), reason))
      const { title, status, explanation } = problems[reason]
      return sendPage(
        reply,
        title,
        `<dl><dt>Code</dt><dd><code>${reason}</code></dd><dt>HTTP status</dt><dd>${status}</dd></dl>
<p>${asHtml(explanation)}</p>
<p><a href="/problems">All problems</a></p>`,
      )
    },
  )
}

const CACHING = { 'cache-control': 'public, max-age=3600', vary: 'Accept' }

const problemType = (base: string, reason: RefusalReason) => ({
  type: `${base}/problems/${reason}`,
  code: reason,
  ...problems[reason],
})

function noSuchProblem(code: string): Refusal {
  const detail = 'There is no such kind of problem.'
  const didYouMean = nearMatches(code, REFUSAL_REASONS)
  return new Refusal('not-found', detail, [
    { pointer: '/path/code', code: 'not-allowed', detail, allowed: REFUSAL_REASONS, didYouMean },
  ])
}

/** A browser names text/html, so JSON is for whoever names that and not the page. */
function prefersJson({ headers: { accept } }: FastifyRequest): boolean {
  const named = (type: string) => (accept ?? '').toLowerCase().includes(type)
  return named('application/json') && !named('text/html')
}

const STYLE =
  'body{font:1.125rem/1.5 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c;background:#fff}a{color:#1d4f91}dt{font-weight:bold}dd{margin:0 0 .75rem}li{margin-bottom:.5rem}'
const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** A page that needs nothing but itself: no script, no font, and only the one style, named by its hash. */
const sendPage = (reply: FastifyReply, title: string, main: string) =>
  reply
    .type('text/html; charset=utf-8')
    .headers({ ...CACHING, 'content-security-policy': PAGE_POLICY })
    .send(`<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${asHtml(title)} – Corporate Parenting API</title><style>${STYLE}</style></head>
<body><main><h1>${asHtml(title)}</h1>
${main}</main></body>
</html>
`)

const listItem = (reason: RefusalReason): string =>
  `<li><a href="/problems/${reason}"><code>${reason}</code></a> (${problems[reason].status}): ${asHtml(problems[reason].title)}</li>`

/** Text as HTML; what stands in backquotes is code. */
const asHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
