//! Positions: ingest, duty gate, days, live map, playback, ledger.
