/** The titles of the publications whose series are declared. */
export const LOOKED_AFTER = 'DfE, Children looked after in England including adoptions'
export const STABILITY = 'DfE, Stability measures for children looked after in England'
export const OUTCOMES =
  'DfE, Outcomes for children in need, including children looked after by local authorities in England'
export const WORKFORCE = 'DfE, Children’s social work workforce'
export const TOOL = 'DfE, Local Authority Interactive Tool'
export const POPULATION = 'ONS, mid-year population estimates'
