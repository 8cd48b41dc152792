/** Whether who calls an address (a path, or the template of a route) must say who it is. */
export const isGuarded = (path: string): boolean => path === '/v1' || path.startsWith('/v1/')
