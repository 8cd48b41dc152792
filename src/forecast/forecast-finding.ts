/** Something odd that a caller should know, and where in the request it comes from, if from there. */
export interface ForecastFinding {
  readonly severity: 'warning' | 'information'
  readonly code: string
  readonly pointer: string | null
  readonly detail: string
}
