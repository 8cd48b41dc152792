import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { newAuditTrail } from '../../../src/platform/access/audit-trail.ts'
import { callerWith } from '../../../src/platform/access/caller.ts'
import { newMasterKey } from '../../../src/platform/access/master-key.ts'
import type { Database, Transaction } from '../../../src/platform/database/database.ts'

const AUTHORITY = 'E08000034'

const call = (purpose: string) =>
  ({
    caller: callerWith('analyst', ['children:read'], '*'),
    headers: { 'x-purpose': purpose },
    method: 'GET',
    url: '/v1/x',
    ip: '127.0.0.1',
    id: 'r',
    params: { authority: AUTHORITY },
    routeOptions: { url: '/v1/x', config: { scope: 'children:read', audited: 'child.read' } },
  }) as unknown as FastifyRequest

/** A database that keeps purposes, refuses those that `refuses` names a code for, and counts its transactions. */
function keeping(refuses: (purposes: readonly string[]) => string | null) {
  const kept: string[] = []
  let transactions = 0
  const write: Database['write'] = async (_authorities, work) => {
    transactions++
    const rows: string[] = []
    const query = async (name: string, _text: string, values: readonly unknown[] = []) => {
      if (name === 'audit.append')
        rows.push(...(JSON.parse(String(values[0])) as { purpose: string }[]).map(({ purpose }) => purpose))
      return name === 'audit.end' ? [{ at: '2026-11-22T12:00:00.000000Z', number: null, hash: null }] : []
    }
    const result = await work({ query } as unknown as Transaction)
    const code = refuses(rows)
    if (code !== null) throw Object.assign(new Error('refused'), { code })
    kept.push(...rows)
    return result
  }
  const trail = newAuditTrail({
    database: { write } as unknown as Database,
    master: newMasterKey('x'.repeat(40)),
  })
  const all = (purposes: readonly string[]) =>
    Promise.allSettled(purposes.map((one) => trail.commit(call(one), { rows: 1, children: ['A'] })))
  return { all, kept, transactions: () => transactions }
}

const PURPOSES = Array.from({ length: 40 }, (_, number) => `purpose ${number}`)

test('rows of calls that come together are kept in few transactions, in the order of the calls', async () => {
  const { all, kept, transactions } = keeping(() => null)
  const done = await all(PURPOSES)
  expect(done.every(({ status }) => status === 'fulfilled')).toBe(true)
  expect(kept).toEqual(PURPOSES)
  expect(transactions()).toBe(2)
})

test('a row that can’t be kept takes no other with it', async () => {
  const { all, kept } = keeping((purposes) => (purposes.includes('purpose 7') ? '22021' : null))
  const done = await all(PURPOSES)
  expect(done.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([7])
  expect(kept).toEqual(PURPOSES.filter((one) => one !== 'purpose 7'))
})

test('where the database is away, all who wait are refused together, none in turn', async () => {
  const { all, kept, transactions } = keeping(() => '08006')
  const done = await all(PURPOSES)
  expect(done.every(({ status }) => status === 'rejected')).toBe(true)
  expect(kept).toEqual([])
  expect(transactions()).toBe(2)
})
