import { describe, expect, test } from 'vitest'
import { cleanEpisodes, joinChildren, mergeContinued } from '../../src/forecast/markov/clean-episodes.ts'
import { prepare } from '../../src/forecast/markov/prepare.ts'
import type { ReturnedEpisode } from '../../src/forecast/markov/returned-rows.ts'
import type { Day } from '../../src/vocabulary/day.ts'
import { returned, rowsOf } from '../support/returned-rows.ts'

const cleaned = (...episodes: ReturnedEpisode[]) => cleanEpisodes(joinChildren(rowsOf(episodes)))
const merged = (...episodes: ReturnedEpisode[]) => mergeContinued(cleaned(...episodes))
const stretches = (episodes: readonly ReturnedEpisode[]) => episodes.map(({ decom, dec }) => [decom, dec])

describe('dates of birth', () => {
  test('are those of the latest year', () => {
    const [episode] = joinChildren({
      episodes: [returned('2019-05-01', null)],
      children: [
        { child: 'ADA', year: 2019, born: '2008-01-01' as Day },
        { child: 'ADA', year: 2021, born: '2008-03-03' as Day },
        { child: 'ADA', year: 2020, born: '2008-02-02' as Day },
      ],
      uasc: [],
    })
    expect(episode!.born).toBe('2008-03-03')
  })

  test('of the same year the first counts', () => {
    const [episode] = joinChildren({
      episodes: [returned('2019-05-01', null)],
      children: [
        { child: 'ADA', year: 2020, born: '2008-01-01' as Day },
        { child: 'ADA', year: 2020, born: '2008-03-03' as Day },
      ],
      uasc: [],
    })
    expect(episode!.born).toBe('2008-01-01')
  })

  test('where the latest year has none, or no header names the child, the episodes are left out', () => {
    const joined = joinChildren({
      episodes: [returned('2019-05-01', null), returned('2019-05-01', null, { child: 'BEN' })],
      children: [
        { child: 'ADA', year: 2019, born: '2008-01-01' as Day },
        { child: 'ADA', year: 2020, born: null },
      ],
      uasc: [],
    })
    expect(joined).toEqual([])
  })

  test('unaccompanied in any year is unaccompanied in every episode', () => {
    const rows = rowsOf([returned('2019-05-01', '2019-08-01'), returned('2021-05-01', null)])
    expect(joinChildren({ ...rows, uasc: ['ADA'] }).map(({ uasc }) => uasc)).toEqual([true, true])
  })
})

describe('several years’ returns of one child', () => {
  test('an end beats none for the same start, in whichever order they came', () => {
    const open = returned('2019-05-01', null, { year: 2020 })
    const ended = returned('2019-05-01', '2020-07-01')
    expect(stretches(cleaned(open, ended))).toEqual([['2019-05-01', '2020-07-01']])
    expect(stretches(cleaned(ended, open))).toEqual([['2019-05-01', '2020-07-01']])
  })

  test('the latest end beats an earlier one for the same start', () => {
    expect(
      stretches(cleaned(returned('2019-05-01', '2020-07-01'), returned('2019-05-01', '2019-12-01'))),
    ).toEqual([['2019-05-01', '2020-07-01']])
  })

  test('of rows with one start and one end the one returned last counts', () => {
    const [row] = cleaned(
      returned('2019-05-01', '2020-07-01', { place: 'U1' }),
      returned('2019-05-01', '2020-07-01', { place: 'K2' }),
    )
    expect(row!.place).toBe('K2')
  })

  test('of rows with one end the longest counts', () => {
    expect(
      stretches(cleaned(returned('2019-06-01', '2020-07-01'), returned('2019-05-01', '2020-07-01'))),
    ).toEqual([['2019-05-01', '2020-07-01']])
  })

  test('of two open rows the longer counts', () => {
    expect(stretches(cleaned(returned('2019-06-01', null), returned('2019-05-01', null)))).toEqual([
      ['2019-05-01', null],
    ])
  })

  test('an episode that reaches over the start of the next ends there, and so does one left open', () => {
    expect(
      stretches(
        cleaned(
          returned('2019-05-01', '2019-09-01'),
          returned('2019-08-01', null),
          returned('2020-02-01', '2020-03-01'),
        ),
      ),
    ).toEqual([
      ['2019-05-01', '2019-08-01'],
      ['2019-08-01', '2020-02-01'],
      ['2020-02-01', '2020-03-01'],
    ])
  })

  test('gaps stay, and the last may stay open', () => {
    expect(stretches(cleaned(returned('2019-05-01', '2019-06-01'), returned('2019-08-01', null)))).toEqual([
      ['2019-05-01', '2019-06-01'],
      ['2019-08-01', null],
    ])
  })

  test('children are told apart', () => {
    expect(
      stretches(
        cleaned(
          returned('2019-06-01', null, { child: 'BEN' }),
          returned('2019-05-01', null),
          returned('2019-05-01', '2020-01-01', { child: 'BEN' }),
        ),
      ),
    ).toEqual([
      ['2019-05-01', null],
      ['2019-05-01', '2019-06-01'],
      ['2019-06-01', null],
    ])
  })
})

describe('episodes that only continue a placement', () => {
  const why = (rne: string, rec: string | null, reasonPlaceChange: string | null) => ({
    rne,
    rec,
    reasonPlaceChange,
  })

  test('one is merged into the one before it, which ends as it does', () => {
    const [episode, ...others] = merged(
      returned('2020-01-01', '2020-02-01', why('S', 'X1', 'CARPL')),
      returned('2020-02-01', '2020-03-01', why('L', 'E15', 'OTHER')),
    )
    expect(others).toEqual([])
    expect(episode).toMatchObject({ decom: '2020-01-01', dec: '2020-03-01', ...why('S', 'E15', 'OTHER') })
  })

  test('a run of them is merged as a whole, and the end of its last counts though it is blank', () => {
    const [first, second, ...others] = merged(
      returned('2020-01-01', '2020-02-01', why('S', 'X1', 'CARPL')),
      returned('2020-02-01', '2020-03-01', why('P', 'X1', 'CLOSE')),
      returned('2020-03-01', '2020-04-01', why('T', 'X1', 'OTHER')),
      returned('2020-04-01', null, why('L', null, null)),
    )
    expect(others).toEqual([])
    expect(first).toMatchObject({ dec: '2020-02-01', ...why('S', 'X1', 'CARPL') })
    expect(second).toMatchObject({ decom: '2020-02-01', dec: null, ...why('P', null, null) })
  })

  test('the first of a child stays, whatever it says', () => {
    const episodes = merged(
      returned('2020-01-01', '2020-02-01', why('U', 'X1', null)),
      returned('2020-02-01', '2020-03-01', { child: 'BEN', ...why('U', 'X1', null) }),
      returned('2020-03-01', null, { child: 'BEN', ...why('B', null, null) }),
    )
    expect(episodes.map(({ rne }) => rne)).toEqual(['U', 'U', 'B'])
  })

  test('a first one takes up those that continue it', () => {
    const episodes = merged(
      returned('2020-01-01', '2020-02-01', why('U', 'X1', null)),
      returned('2020-02-01', '2020-03-01', why('U', 'E15', null)),
      returned('2020-03-01', null, why('B', null, null)),
    )
    expect(stretches(episodes)).toEqual([
      ['2020-01-01', '2020-03-01'],
      ['2020-03-01', null],
    ])
    expect(episodes[0]!.rec).toBe('E15')
  })

  test('one after a gap stays', () => {
    const episodes = merged(
      returned('2020-01-01', '2020-02-01', why('P', 'X1', null)),
      returned('2020-03-01', null, why('T', null, null)),
    )
    expect(stretches(episodes)).toEqual([
      ['2020-01-01', '2020-02-01'],
      ['2020-03-01', null],
    ])
  })

  test('a new placement ends the run', () => {
    const episodes = merged(
      returned('2020-01-01', '2020-02-01', why('S', 'X1', null)),
      returned('2020-02-01', '2020-03-01', why('L', 'X1', null)),
      returned('2020-03-01', '2020-04-01', why('P', 'X1', null)),
      returned('2020-04-01', '2020-05-01', why('L', 'E4A', null)),
    )
    expect(stretches(episodes)).toEqual([
      ['2020-01-01', '2020-03-01'],
      ['2020-03-01', '2020-05-01'],
    ])
  })
})

describe('birthdays', () => {
  test('split an episode where a child comes into the next band', () => {
    const { episodes } = prepare(rowsOf([returned('2014-01-01', '2019-12-31', { rec: 'E4A' })], '2009-06-15'))
    expect(episodes).toMatchObject([
      {
        startedOn: '2014-01-01',
        ceasedOn: '2014-06-15',
        age: '1-to-4',
        ageAtEnd: '5-to-9',
        rne: 'S',
        rec: 'Age',
      },
      {
        startedOn: '2014-06-15',
        ceasedOn: '2019-06-15',
        age: '5-to-9',
        ageAtEnd: '10-to-15',
        rne: 'Age',
        rec: 'Age',
      },
      {
        startedOn: '2019-06-15',
        ceasedOn: '2019-12-31',
        age: '10-to-15',
        ageAtEnd: '10-to-15',
        rne: 'Age',
        rec: 'E4A',
      },
    ])
    expect(episodes.map(({ before, after }) => [before, after])).toEqual([
      ['not-in-care', 'fostering'],
      ['fostering', 'fostering'],
      ['fostering', 'not-in-care'],
    ])
  })

  test('split an open episode until the end of the data', () => {
    const rows = rowsOf([returned('2018-01-01', null)], '2012-06-15')
    const tellsOf2023 = returned('2022-05-01', '2022-06-01', { child: 'BEN' })
    const { episodes, dataTo } = prepare({
      ...rows,
      episodes: [...rows.episodes, tellsOf2023],
      children: [...rows.children, { child: 'BEN', year: 2023, born: '2012-06-15' as Day }],
    })
    expect(dataTo).toBe('2023-03-31')
    expect(episodes.filter(({ child }) => child === 'ADA')).toMatchObject([
      { ceasedOn: '2022-06-15', age: '5-to-9', ageAtEnd: '10-to-15', after: 'fostering' },
      { startedOn: '2022-06-15', ceasedOn: null, age: '10-to-15', after: null },
    ])
  })

  test('of a child born on 29 February are on the 28th in common years', () => {
    const { episodes } = prepare(rowsOf([returned('2012-05-01', '2014-05-01')], '2012-02-29'))
    expect(episodes.map(({ startedOn, ceasedOn }) => [startedOn, ceasedOn])).toEqual([
      ['2012-05-01', '2013-02-28'],
      ['2013-02-28', '2014-05-01'],
    ])
  })

  test('fall a day late for an age counted in years of 365.24 days', () => {
    // 365 days old on the first birthday is 0.9993 years, so an end on that day comes before it.
    const { episodes } = prepare(rowsOf([returned('2013-03-01', '2014-01-10')], '2013-01-10'))
    expect(episodes).toMatchObject([{ ceasedOn: '2014-01-10', age: 'under-1', ageAtEnd: 'under-1' }])
    // An episode that starts on that day starts in the band before and leaves it at once.
    const { episodes: later } = prepare(rowsOf([returned('2014-01-10', '2014-03-01')], '2013-01-10'))
    expect(later).toMatchObject([
      { startedOn: '2014-01-10', ceasedOn: '2014-01-10', age: 'under-1', before: 'not-in-care' },
      { startedOn: '2014-01-10', ceasedOn: '2014-03-01', age: '1-to-4', before: 'fostering' },
    ])
  })

  test('a child may come into care before birth, by a date that was expected', () => {
    const { episodes } = prepare(rowsOf([returned('2019-12-01', '2020-02-01')], '2020-01-01'))
    expect(episodes).toMatchObject([{ age: 'under-1' }])
  })

  test('no child in care is conceived later or thirty: such rows are counted and left out', () => {
    const rows = rowsOf([returned('2019-05-01', null)], '1980-01-01')
    expect(
      prepare({
        ...rows,
        episodes: [...rows.episodes, returned('2019-05-01', '2019-06-01', { child: 'BEN' })],
        children: [...rows.children, { child: 'BEN', year: 2020, born: '2010-01-01' as Day }],
      }),
    ).toMatchObject({ impossibleAges: 1, cleanedCount: 2, episodes: [{ child: 'BEN' }] })
  })
})

describe('neighbours', () => {
  test('are the groups of the placements before and after, where the days touch', () => {
    const { episodes } = prepare(
      rowsOf([
        returned('2019-05-01', '2019-06-01', { place: 'K2' }),
        returned('2019-06-01', '2019-07-01', { rne: 'P', place: 'P2' }),
        returned('2019-08-01', null, { place: 'Z1' }),
      ]),
    )
    expect(episodes.map(({ before, placement, after }) => [before, placement, after])).toEqual([
      ['not-in-care', 'residential', 'supported'],
      ['residential', 'supported', 'not-in-care'],
      ['not-in-care', 'other', null],
    ])
  })
})

describe('the days that the data tells of', () => {
  test('begin with the earliest year returned and end with the year of the latest day', () => {
    expect(
      prepare(rowsOf([returned('2015-05-01', null, { year: 2019 }), returned('2020-04-01', '2020-05-01')])),
    ).toMatchObject({ dataFrom: '2018-04-01', dataTo: '2021-03-31' })
  })

  test('end on 31 March itself where that is the latest day', () => {
    expect(prepare(rowsOf([returned('2019-05-01', '2020-03-31')]))).toMatchObject({ dataTo: '2020-03-31' })
  })

  test('without any row there are none', () => {
    expect(() => prepare({ episodes: [], children: [], uasc: [] })).toThrow('No episode')
  })
})
