// model/ holds the nouns: the snapshot, the diagnosis, alarms, scans, and one rule each for ids, regions, languages,
// formats and addresses. Every room imports its files directly, so this file exports nothing. It may not import another
// room, read from outside, or write for a reader.

export {}
