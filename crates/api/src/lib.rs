//! The HTTP kit: sessions, permissions, problems, OpenAPI, live stream.
