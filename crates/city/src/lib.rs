//! A generated city with streets, shops and people who drive through it.
