export type UnmeasurableCode =
  | 'nothing-returned'
  | 'nothing-since'
  | 'window-reversed'
  | 'left-an-empty-state'

/** Why rates cannot be measured on these rows over these days. Names states and days, never a child. */
export class Unmeasurable extends Error {
  readonly code: UnmeasurableCode

  constructor(code: UnmeasurableCode, detail: string) {
    super(detail)
    this.name = 'Unmeasurable'
    this.code = code
  }
}
