import { afterAll, beforeAll, expect, test } from 'vitest'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { type ReturnsApp, returnsApp, sendForm } from '../support/returns-app.ts'
import { FURTHER, filesOf, SAMPLE, type SampleReturn } from '../support/sample-return.ts'

let database: TestDatabase
let service: ReturnsApp

const load = async (year: string, sample: SampleReturn) => {
  const answer = await sendForm(service.client, filesOf(sample), `year=${year}`)
  expect(answer.statusCode, answer.body).toBe(201)
}
const child = (id: string, authority = 'E08000034') =>
  service.client.get(`/v1/authorities/${authority}/children/${id}`)

/** The year before: one placement, one worker, a review that the later return states otherwise, a short stay. */
const YEAR_BEFORE: SampleReturn = {
  Header: ['ADA1,2,14/05/2012,WOTH,,0,'],
  Episodes: [
    'ADA1,03/02/2023,S,C1,N1,U6,PR1,01/09/2023,X1,,LS6 1AB,LS7 2CD,SC123456',
    'ADA1,01/09/2023,P,C1,N1,T4,,05/09/2023,X1,,LS6 1AB,LS9 9ZZ,',
    'ADA1,05/09/2023,P,C1,N1,U6,PR1,,,,LS6 1AB,LS7 2CD,SC123456',
    'CAT3,01/02/2024,S,V3,N2,U6,PR1,08/02/2024,E4A,,,,',
  ],
  Missing: ['ADA1,14/05/2012,M,31/03/2024,'],
  OC2: ['ADA1,14/05/2012,20,,0,,1,1,1,1,1,'],
}

beforeAll(async () => {
  database = await newDatabase()
  service = await returnsApp(database)
  await load('2023-24', {
    ...YEAR_BEFORE,
    Header: [...YEAR_BEFORE.Header!, 'CAT3,1,01/01/2018,REFU,,,'],
  })
  await load('2024-25', {
    ...SAMPLE,
    ...FURTHER,
    Episodes: [
      'ADA1,05/09/2023,P,C1,N1,U6,PR1,10/06/2024,X1,CARPL,LS6 1AB,LS7 2CD,SC123456',
      ...SAMPLE.Episodes!.slice(1),
    ],
    Missing: ['ADA1,14/05/2012,M,31/03/2024,02/04/2024', 'ADA1,14/05/2012,A,02/07/2024,04/07/2024'],
  })
})
afterAll(async () => {
  await service.close()
  await database.drop()
})

test('a child’s record is merged from all returns, codes with what they mean', async () => {
  const answer = await child('ADA1')
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['cache-control']).toBe('private, no-store')
  const record = answer.json()
  expect(record).toMatchObject({
    child: 'ADA1',
    authority: 'E08000034',
    sex: { code: 'F', label: 'Female' },
    born: '2012-05-14',
    ethnicity: { code: 'WBRI', label: 'White British' },
    ethnicityGroup: { code: 'white', label: 'White' },
    uasc: false,
    mother: false,
    years: ['2023-24', '2024-25'],
    periodsOfCare: [
      { number: 1, startedOn: '2023-02-03', ceasedOn: null, reasonCeased: null, startIsKnown: true },
    ],
    placements: [
      { number: 1, startedOn: '2023-02-03', ceasedOn: '2024-06-10', type: { code: 'foster' } },
      { number: 2, startedOn: '2024-06-10', ceasedOn: null, provider: { code: 'private' } },
    ],
    socialWorkers: [{ socialWorker: 'SW123', reason: { code: 'FCONTA' } }],
    reviews: [{ heldOn: '2024-09-15', participation: { code: 'PN1' }, year: '2024-25' }],
    health: [
      {
        year: '2023-24',
        sdqScore: 20,
        substanceMisuse: true,
        interventionReceived: true,
        interventionOffered: null,
      },
      { year: '2024-25', sdqScore: 14, substanceMisuse: false, teethCheck: true },
    ],
    careLeaver: [{ inTouch: { code: 'YES' }, accommodation: { code: 'U1' } }],
    previousPermanence: [{ option: { code: 'P1' }, authority: '382', date: 'ZZ/05/2019' }],
  })
  expect(
    record.episodes.map(({ startedOn, year }: Record<string, string>) => `${startedOn} ${year}`),
  ).toEqual(['2023-02-03 2023-24', '2023-09-01 2023-24', '2023-09-05 2024-25', '2024-06-10 2024-25'])
  expect(record.episodes[1]).toMatchObject({ temporary: true, placementNumber: 1, placement: { code: 'T4' } })
})

test('the latest return that states a thing says what it was', async () => {
  expect((await child('ADA1')).json().missing).toEqual([
    {
      kind: { code: 'M', label: 'Missing' },
      startedOn: '2024-03-31',
      ceasedOn: '2024-04-02',
      year: '2024-25',
    },
    expect.objectContaining({ startedOn: '2024-07-02', year: '2024-25' }),
  ])
})

test('the timeline tells it in words and in order', async () => {
  const { timeline } = (await child('ADA1')).json()
  expect(timeline.map(({ day, text }: Record<string, string>) => `${day} ${text}`)).toEqual([
    '2023-02-03 Started to be looked after',
    '2023-02-03 Placed: fostered by other carer, not long term',
    '2023-02-03 Legal status: interim care order',
    '2023-02-03 New social worker: first contact or re-referral',
    '2023-09-01 Temporary stay began: temporary accommodation of seven days or less for another reason',
    '2023-09-05 Temporary stay ended',
    '2024-03-31 Missing',
    '2024-04-02 No longer missing',
    '2024-06-10 Moved: fostered by other carer, long term (change to, or implementation of, the care plan)',
    '2024-06-10 Legal status: full care order',
    '2024-07-02 Away from placement without authorisation',
    '2024-07-04 No longer away',
    '2024-09-15 Review: attends and speaks',
  ])
})

test('a child who left, was for adoption, and was an unaccompanied asylum seeker', async () => {
  const record = (await child('BEN2')).json()
  expect(record).toMatchObject({
    uasc: true,
    uascCeasedOn: '2024-12-01',
    periodsOfCare: [
      { ceasedOn: '2024-12-20', reasonCeased: { code: 'E4A', label: 'Returned home, planned' } },
    ],
    adoptions: [{ matchedOn: '2024-10-01', byFosterCarer: false, adopters: { code: '2' } }],
    placedForAdoption: [
      { decidedOn: '2024-08-01', reversedOn: '2024-12-01', reversedBecause: { code: 'RD4' } },
    ],
  })
  expect(record.timeline.at(-1)).toEqual({
    day: '2024-12-20',
    kind: 'care-ceased',
    text: 'Ceased to be looked after: returned home, planned',
  })
})

test('a child with short breaks only has no period of care', async () => {
  const record = (await child('CAT3')).json()
  expect(record).toMatchObject({
    periodsOfCare: [],
    placements: [],
    episodes: [{ shortBreak: true, periodOfCare: null }],
  })
  expect(record.timeline.map(({ kind }: { kind: string }) => kind)).toEqual(['short-break', 'short-break'])
})

test('upper and lower case of an id are the same', async () => {
  expect((await child('ada1')).json()).toEqual((await child('ADA1')).json())
})

test('postcodes and pupil numbers are not given', async () => {
  for (const id of ['ADA1', 'BEN2']) {
    const { body } = await child(id)
    expect(body).not.toMatch(/LS\d|BD\d|post|upn/i)
  }
})

test.each([
  ['a child who is not there', 'ZOE9', 'E08000034'],
  ['a child of another authority', 'ADA1', 'E08000035'],
  ['an odd id', '%27%3B--', 'E08000034'],
])('%s is unknown, and the id is not repeated', async (_, id, authority) => {
  const answer = await child(id, authority)
  expect(answer.statusCode).toBe(404)
  expect(answer.json().type).toMatch(/unknown-child$/)
  expect(answer.body).not.toContain(decodeURIComponent(id))
  expect(service.log.join('')).not.toContain(decodeURIComponent(id))
})
