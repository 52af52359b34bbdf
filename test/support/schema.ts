import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'

const schemaOf = (name: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(new URL(`../../docs/${name}.schema.json`, import.meta.url), 'utf8'))
const ajv = new Ajv2020({ allErrors: true, strict: false })
addFormats.default(ajv)
const validate = ajv.compile(schemaOf('diagnosis'))
export const incidentSchema = schemaOf('incident')
const validateIncident = ajv.compile(incidentSchema)
const validatePage = ajv.compile({ $ref: `${incidentSchema.$id}#/$defs/page` })

/** Fails with the errors of the schema. */
export function expectDiagnosis(value: unknown): void {
  validate(JSON.parse(JSON.stringify(value)))
  expect(validate.errors ?? []).toEqual([])
}

type Validate = typeof validate
const errorsOf = (validator: Validate, value: unknown): readonly unknown[] => {
  validator(JSON.parse(JSON.stringify(value)))
  return validator.errors ?? []
}

export const errorsOfIncident = (value: unknown): readonly unknown[] => errorsOf(validateIncident, value)
export const errorsOfPage = (value: unknown): readonly unknown[] => errorsOf(validatePage, value)

export const fileSchema = schemaOf('clb-doctor')
const validateFile = ajv.compile(fileSchema)
export const errorsOfFile = (value: unknown): readonly unknown[] => errorsOf(validateFile, value)
