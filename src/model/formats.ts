/** The formats that a person can ask for a diagnosis in. */
export const FORMATS = ['text', 'json', 'markdown', 'html'] as const
export type Format = (typeof FORMATS)[number]

/** The same for a scan. */
export const SCAN_FORMATS = ['text', 'json', 'html'] as const satisfies readonly Format[]
export type ScanFormat = (typeof SCAN_FORMATS)[number]
