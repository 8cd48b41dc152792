import { type Care, childOn, covers, homeOn, type NaivePeriod, settledFor } from './naive-care.ts'
import { type Count, counting, type NaiveIndicator, saying, share } from './naive-indicator.ts'
import { lookedAfterAt } from './naive-populations.ts'

/** The mix of placements, who provides them, and orders that deprive children of liberty: indicators.md 4.5, E49, E50. */

const inPlace = (id: string, codes: string): [string, NaiveIndicator] => [
  id,
  share(
    saying(lookedAfterAt, (_care, { dimensions }) => ({
      there: codes.toLowerCase().split(' ').includes(dimensions['placement-code']!),
    })),
    'there',
  ),
]

const by = (provider: string): Count =>
  saying(lookedAfterAt, (_care, { dimensions }) => ({
    theirs: dimensions['placement-provider'] === provider,
  }))

const placed = saying(lookedAfterAt, (_care, { dimensions }) => {
  const [code, provider] = [dimensions['placement-code']!, dimensions['placement-provider']!]
  const isFostered = dimensions['placement-type'] === 'foster'
  return {
    secure: code === 'k1',
    isUnder13: Number(dimensions.age) < 13,
    inHome: code === 'k1' || code === 'k2',
    tooYoung: ['p2', 'h5', 'k3'].includes(code) && Number(dimensions.age) < 16,
    own: provider === 'own',
    isFostered,
    fosteredByOwn: isFostered && provider === 'own',
    fosteredByAgency: isFostered && (provider === 'private' || provider === 'voluntary'),
  }
})

/** By rule 218 of the return; XXXXXXX is a URN, if of no provider. */
const withoutUrn = saying(lookedAfterAt, (care, { dimensions }, { lastDay }) => {
  const episode = care.care.find(({ decom, dec }) => covers(decom, dec, lastDay))!
  const isAsked = /^(a[3-6]|u[1-6]|k[1-3]|r3|s1)$/.test(dimensions['placement-code']!)
  return { isMissing: isAsked && (settledFor(care, episode)?.urn ?? '') === '' }
})

/** Orders that overlap the period, but for those that began in a secure home. */
const ordersIn = (care: Care, { firstDay, lastDay }: NaivePeriod) =>
  care.deprivations.filter(
    ({ from, until }) =>
      from <= lastDay &&
      (until === null || until >= firstDay) &&
      homeOn(care, from)['placement-code'] !== 'k1',
  )

/** A child as on the first day of the latest of its orders. */
const deprived: Count = (all, period) =>
  all.flatMap((care) => {
    const latest = ordersIn(care, period)
      .map(({ from }) => from)
      .sort()
      .at(-1)
    return latest ? [{ dimensions: { ...childOn(care, latest), ...homeOn(care, latest) }, is: {} }] : []
  })

export const NAIVE_SUFFICIENCY: Readonly<Record<string, NaiveIndicator>> = {
  ...Object.fromEntries([
    inPlace('placement-foster-pct', 'U1 U2 U3 U4 U5 U6'),
    inPlace('placement-kinship-foster-pct', 'U1 U2 U3'),
    inPlace('placement-residential-pct', 'K1 K2'),
    inPlace('placement-independent-or-supported-pct', 'P2 H5 K3'),
    inPlace('placement-other-residential-pct', 'R1 R2 R3 R5 P3'),
    inPlace('placement-residential-school-pct', 'S1'),
    inPlace('placement-with-parents-pct', 'P1'),
    inPlace('placement-adoption-pct', 'A3 A4 A5 A6'),
    inPlace('placement-other-pct', 'Z1 Z11 Z12 Z13 Z14'),
  ]),
  'placement-secure-count': counting(placed, 'secure'),
  'placement-residential-under-13-pct': share(placed, 'inHome', 'isUnder13'),
  'under-16-supported-accommodation-count': counting(placed, 'tooYoung'),
  'deprivation-of-liberty-orders-count': counting(deprived),
  'provider-own-pct': share(by('own'), 'theirs'),
  'provider-other-la-pct': share(by('other-la'), 'theirs'),
  'provider-private-pct': share(by('private'), 'theirs'),
  'provider-voluntary-pct': share(by('voluntary'), 'theirs'),
  'in-house-foster-share-pct': share(placed, 'fosteredByOwn'),
  'ifa-share-pct': share(placed, 'fosteredByAgency', 'isFostered'),
  'in-house-placements-count': counting(placed, 'own'),
  'placements-without-urn-count': counting(withoutUrn, 'isMissing'),
}
