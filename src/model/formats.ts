/** The formats of a diagnosis. */
export const FORMATS = ['text', 'json', 'markdown', 'html'] as const
export type Format = (typeof FORMATS)[number]

/** The formats of a scan. */
export const SCAN_FORMATS = ['text', 'json', 'html'] as const satisfies readonly Format[]
export type ScanFormat = (typeof SCAN_FORMATS)[number]
