//! The day engine: fixes in, stays, trips, gaps and kilometres out.
