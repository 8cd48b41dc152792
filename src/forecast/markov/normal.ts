import { NORMAL, probabilityAbove, reachOf } from '../../statistics/student-t.ts'

/** Probability that a standard normal number is below `z`. */
export const normalBelow = (z: number): number => probabilityAbove(-z, NORMAL)

/** Standard normal quantiles of 90 % and 97.5 %: the middle 80 % and 95 % lie within them. */
export const Z80 = reachOf(0.8, NORMAL)
export const Z95 = reachOf(0.95, NORMAL)
