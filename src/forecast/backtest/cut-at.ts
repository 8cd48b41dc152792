import { type Day, earlierOf } from '../../vocabulary/day.ts'
import type { CareEpisode, CareHistory } from '../care-history.ts'

/**
 * The history as it was known at the end of a day: what started later has not come, and what ceased later still lasts,
 * with no reason why it should cease. The starts of the period and of the placement stand: neither is after the start
 * of the episode. One thing can't be unlearned here: that a stay of the day was temporary was only known when the child
 * went back.
 */
export function cutAt(history: CareHistory, day: Day): CareHistory {
  return {
    episodes: history.episodes
      .filter(({ startedOn }) => startedOn <= day)
      .map((episode) => (hasCeasedBy(episode, day) ? episode : lastingStill(episode))),
    knownFrom: history.knownFrom,
    knownTo: earlierOf(history.knownTo, day),
  }
}

const hasCeasedBy = ({ ceasedOn }: CareEpisode, day: Day): boolean => ceasedOn !== null && ceasedOn <= day

const lastingStill = (episode: CareEpisode): CareEpisode => ({
  ...episode,
  ceasedOn: null,
  endsPeriod: false,
  reasonCeased: null,
})
