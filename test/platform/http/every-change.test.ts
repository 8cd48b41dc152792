import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { OpenApiDocument } from '../../support/client.ts'

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly responses: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>
}

const document = JSON.parse(
  readFileSync(new URL('../../../openapi/openapi.json', import.meta.url), 'utf8'),
) as OpenApiDocument
const changes = Object.entries(document.paths)
  .filter(([path]) => path.startsWith('/v1/'))
  .flatMap(([path, operations]) =>
    Object.entries(operations as unknown as Record<string, Operation>)
      .filter(([method]) => method === 'post' || method === 'put')
      .map(([method, operation]) => ({ method, path, operation })),
  )

test('there are changes to speak of', () => {
  expect(changes.length).toBeGreaterThan(50)
})

test.each(changes)('$method $path takes an Idempotency-Key, and says what becomes of it', ({ operation }) => {
  const headers = (operation.parameters ?? []).filter((one) => one.in === 'header').map(({ name }) => name)
  expect(headers).toContain('idempotency-key')
  expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['409', '422']))
  const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'))
  for (const [status, { headers: given }] of answers)
    expect(Object.keys(given ?? {}), status).toContain('idempotency-replayed')
})
