import { describe, expect, test } from 'vitest'
import { audienceOf, FIGURES, mayRead } from '../../../src/platform/access/audience.ts'
import { type Caller, callerWith, covers, coversAll, holdsAny } from '../../../src/platform/access/caller.ts'
import { Refusal } from '../../../src/vocabulary/refusal.ts'

const [KIRKLEES, LEEDS] = ['E08000034', 'E08000035']

const everywhere = callerWith('board', ['observations:read'], '*')
const inKirklees = callerWith('kirklees', ['observations:read', 'children:read'], [KIRKLEES])
const nowhere = callerWith('nobody', ['observations:read'], [])
const ofThePublic = callerWith('dashboard', ['observations:read:public'], '*')
const withNothing: Caller = { name: 'stranger', onBehalfOf: null, grants: [] }
/** Reads Kirklees' children, and of Leeds only figures. */
const twoGrants: Caller = {
  name: 'analyst',
  onBehalfOf: 'a.person',
  grants: [...inKirklees.grants, ...callerWith('', ['observations:read'], [LEEDS]).grants],
}

describe('a caller with one grant', () => {
  test('is known by its name, calls for itself, and holds what it was given and no more', () => {
    expect(inKirklees).toEqual({
      name: 'kirklees',
      onBehalfOf: null,
      grants: [{ scopes: new Set(['observations:read', 'children:read']), authorities: [KIRKLEES] }],
    })
  })
})

describe('a scope is held', () => {
  test('by whoever has it in any grant, for whatever authority', () => {
    expect(holdsAny(inKirklees, ['children:read'])).toBe(true)
    expect(holdsAny(twoGrants, ['children:read'])).toBe(true)
    expect(holdsAny(ofThePublic, ['observations:read:public'])).toBe(true)
  })

  test('where several would do, with any one of them', () => {
    expect(holdsAny(inKirklees, ['admin', 'children:read'])).toBe(true)
    expect(holdsAny(inKirklees, ['admin', 'returns:write'])).toBe(false)
  })

  test('not by one who has another: who reads the public’s figures does not read the council’s', () => {
    expect(holdsAny(ofThePublic, ['observations:read'])).toBe(false)
    expect(holdsAny(inKirklees, ['observations:read:public'])).toBe(false)
  })

  test('by nobody where none is asked for or none is had', () => {
    expect(holdsAny(inKirklees, [])).toBe(false)
    expect(holdsAny(withNothing, ['observations:read'])).toBe(false)
  })
})

describe('an authority is covered', () => {
  test('by a grant that names it, or that is for all', () => {
    expect(covers(inKirklees, KIRKLEES, ['observations:read'])).toBe(true)
    expect(covers(everywhere, KIRKLEES, ['observations:read'])).toBe(true)
  })

  test('not by one that names another, or none', () => {
    expect(covers(inKirklees, LEEDS, ['observations:read'])).toBe(false)
    expect(covers(nowhere, KIRKLEES, ['observations:read'])).toBe(false)
    expect(covers(withNothing, KIRKLEES, ['observations:read'])).toBe(false)
  })

  test('not by one that is for all, but for something else', () => {
    expect(covers(ofThePublic, KIRKLEES, ['observations:read'])).toBe(false)
    expect(covers(everywhere, KIRKLEES, ['children:read'])).toBe(false)
  })

  test('by each grant for itself: what is held in the one is not held for the authorities of the other', () => {
    expect(covers(twoGrants, KIRKLEES, ['children:read'])).toBe(true)
    expect(covers(twoGrants, LEEDS, ['observations:read'])).toBe(true)
    expect(covers(twoGrants, LEEDS, ['children:read'])).toBe(false)
  })
})

describe('all authorities are covered', () => {
  test('by a grant for all of them, and by no list of some', () => {
    expect(coversAll(everywhere, ['observations:read'])).toBe(true)
    expect(coversAll(twoGrants, ['observations:read'])).toBe(false)
    expect(coversAll(nowhere, ['observations:read'])).toBe(false)
    expect(coversAll(withNothing, ['observations:read'])).toBe(false)
  })

  test('for what that grant is for, and not for what another is', () => {
    const mixed: Caller = { ...twoGrants, grants: [...twoGrants.grants, ...ofThePublic.grants] }
    expect(coversAll(mixed, ['observations:read:public'])).toBe(true)
    expect(coversAll(mixed, ['children:read'])).toBe(false)
  })
})

describe('figures of an authority', () => {
  test('as they are, are for whoever may see them so; as the public sees them, for whoever reads figures', () => {
    expect(FIGURES).toEqual(['observations:read', 'observations:read:public'])
    expect(mayRead({ caller: inKirklees }, KIRKLEES, 'internal')).toBe(true)
    expect(mayRead({ caller: inKirklees }, KIRKLEES, 'public')).toBe(true)
    expect(mayRead({ caller: ofThePublic }, KIRKLEES, 'public')).toBe(true)
    expect(mayRead({ caller: ofThePublic }, KIRKLEES, 'internal')).toBe(false)
    expect(mayRead({ caller: inKirklees }, LEEDS, 'public')).toBe(false)
    const writer = callerWith('writer', ['returns:write'], '*')
    expect(mayRead({ caller: writer }, KIRKLEES, 'public')).toBe(false)
  })
})

describe('whom an answer is for', () => {
  const audience = (caller: Caller, asked: 'internal' | 'public' | undefined, ...codes: string[]) =>
    audienceOf({ caller }, asked, codes)

  test('the caller’s own eyes, unless it asks for the public’s', () => {
    expect(audience(inKirklees, undefined, KIRKLEES)).toBe('internal')
    expect(audience(inKirklees, 'internal', KIRKLEES)).toBe('internal')
    expect(audience(inKirklees, 'public', KIRKLEES)).toBe('public')
  })

  test('the public, where the caller may not see one of the authorities as it is', () => {
    const both: Caller = { ...inKirklees, grants: [...inKirklees.grants, ...ofThePublic.grants] }
    expect(audience(both, undefined, KIRKLEES)).toBe('internal')
    expect(audience(both, undefined, KIRKLEES, LEEDS)).toBe('public')
    expect(audience(both, undefined, LEEDS, KIRKLEES)).toBe('public')
    expect(audience(ofThePublic, undefined, KIRKLEES)).toBe('public')
    expect(audience(ofThePublic, 'public', KIRKLEES)).toBe('public')
  })

  test('where no authority is named, whoever may see those of any', () => {
    expect(audience(inKirklees, undefined)).toBe('internal')
    expect(audience(ofThePublic, undefined)).toBe('public')
  })

  test('and one who asks for what it may not see is told what it may ask for instead', () => {
    for (const codes of [[], [KIRKLEES]])
      try {
        audience(ofThePublic, 'internal', ...codes)
        expect.unreachable()
      } catch (refusal) {
        expect(refusal).toBeInstanceOf(Refusal)
        expect(refusal).toMatchObject({
          reason: 'forbidden',
          faults: [{ pointer: '/query/audience', code: 'missing-scope', allowed: ['public'] }],
        })
        expect((refusal as Refusal).message).toContain('lacks the scope observations:read')
        expect((refusal as Refusal).faults[0]!.detail).toBe((refusal as Refusal).message)
      }
  })
})
