import { type Day, laterOf } from '../../vocabulary/day.ts'
import { reportingYearOf } from '../../vocabulary/period.ts'
import type { CareEpisode, CareHistory } from '../care-history.ts'
import { COST_ITEM_RULES, type CostItem, type ForecastPlacement } from '../placement-groups.ts'
import type { ReturnedEpisode, ReturnedRows } from './returned-rows.ts'

/**
 * The merged history as rows of a return on the evening of `knownOn`: what starts later has not been returned yet, and
 * what ends later is still open. The history has groups of placements and no codes; a code of the group stands for it.
 */
export function rowsOfHistory({ episodes, knownFrom }: CareHistory, knownOn: Day): ReturnedRows {
  const known = episodes.filter(({ startedOn }) => startedOn <= knownOn)
  return {
    episodes: known.map((episode) => rowOf(episode, knownFrom, knownOn)),
    children: known.map(({ child, born, startedOn }) => ({
      child: String(child),
      year: reportingYearOf(laterOf(startedOn, knownFrom)),
      born,
    })),
    uasc: known.filter(({ uasc }) => uasc).map(({ child }) => String(child)),
  }
}

function rowOf(episode: CareEpisode, knownFrom: Day, knownOn: Day): ReturnedEpisode {
  const { startedOn, ceasedOn } = episode
  const hasCeased = ceasedOn !== null && ceasedOn <= knownOn
  return {
    child: String(episode.child),
    year: reportingYearOf(laterOf(startedOn, knownFrom)),
    decom: startedOn,
    rne: reasonForNewEpisode(episode),
    ...codesOf(episode.placement, episode.costItem),
    dec: hasCeased ? ceasedOn : null,
    rec: hasCeased ? episode.reasonCeased : null,
    reasonPlaceChange: null,
  }
}

/** Started to be looked after, moved, or a new legal status in the same placement. */
function reasonForNewEpisode({ startedOn, periodStartedOn, placementStartedOn }: CareEpisode): string {
  if (startedOn === periodStartedOn) return 'S'
  return startedOn === placementStartedOn ? 'P' : 'L'
}

/** Codes of placements whose kind has no price of its own: with no provider known, or none of the named kinds. */
const WITHOUT_COST_ITEM: Readonly<Record<ForecastPlacement, string>> = {
  fostering: 'U4',
  residential: 'K2',
  supported: 'P2',
  other: 'Z1',
}

function codesOf(
  placement: ForecastPlacement,
  costItem: CostItem,
): Pick<ReturnedEpisode, 'place' | 'provider'> {
  const rule = COST_ITEM_RULES.find(({ item }) => item === costItem)
  return rule === undefined
    ? { place: WITHOUT_COST_ITEM[placement], provider: null }
    : { place: rule.codes[0]!, provider: rule.providers?.[0] ?? null }
}
