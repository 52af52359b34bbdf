// model/ holds the nouns: the snapshot, the diagnosis, alarms, scans, and one rule each for ids, regions, languages,
// formats and addresses. Every room imports its files directly; there is nothing to export here.
// It imports no other room, reads nothing from outside and writes for no reader.

export {}
