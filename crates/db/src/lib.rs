//! Two SQL engines behind one face: the one writer, Scope, statements, migrations, jobs, outbox, files.
