/** The version that an authority's records have where it has no return, and no record beside the returns. */
export const NO_DATA = '0'
