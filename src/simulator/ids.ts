/** Ids begin with the kind of the resource, e.g. `sg-…`. */
export const isOf = (kind: string, id: string): boolean => id.startsWith(`${kind}-`)

/** An address template (`ipm-…`) or a group of them (`ipmg-…`). */
export const isAddressTemplate = (id: string): boolean => isOf('ipm', id) || isOf('ipmg', id)
