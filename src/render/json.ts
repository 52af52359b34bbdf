import type { Diagnosis } from '../model/diagnosis.ts'

export const renderJson = (diagnosis: Diagnosis): string => `${JSON.stringify(diagnosis, null, 2)}\n`
