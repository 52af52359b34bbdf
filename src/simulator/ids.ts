/** An id begins with the kind of what it names. */
export const isOf = (kind: string, id: string): boolean => id.startsWith(`${kind}-`)

/** A template of addresses, or a group of them. */
export const isAddressTemplate = (id: string): boolean => isOf('ipm', id) || isOf('ipmg', id)
