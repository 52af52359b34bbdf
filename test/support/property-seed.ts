import fc from 'fast-check'

// Property tests draw the same values in every run, so a change is judged by what it changed. PROPERTY_SEED=2 draws others.
// A property that fails prints its seed.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PROPERTY_SEED ?? 1) })
