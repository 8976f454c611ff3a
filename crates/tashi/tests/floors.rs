//! Imports only go down. Reads the manifests and sources and fails when a floor is broken.
#![expect(clippy::unwrap_used, reason = "a test that cannot read the sources should stop")]

use std::{collections::HashMap, fs, path::Path};

/// Floor of each crate; a crate may use crates of lower floors only.
const FLOORS: &[(&str, u32)] = &[
    ("base", 0),
    ("fonts", 0),
    ("geo", 1),
    ("track", 2),
    ("fence", 2),
    ("route", 2),
    ("roads", 2),
    ("territory", 2),
    ("city", 2),
    ("trust", 2),
    ("picture", 2),
    ("face", 2),
    ("forms", 2),
    ("proof", 2),
    ("flow", 3),
    ("xlsform", 3),
    ("columns", 3),
    ("paper", 3),
    ("db", 3),
    ("nats", 4),
    ("api", 4),
    ("custom", 9),
    ("notify", 10),
    ("org", 10),
    ("approvals", 11),
    ("customers", 11),
    ("devices", 11),
    ("ledger", 11),
    ("formbook", 12),
    ("knowledge", 12),
    ("tracking", 12),
    ("travel", 12),
    ("attendance", 13),
    ("objects", 13),
    ("work", 13),
    ("dispatch", 14),
    ("evidence", 14),
    ("fences", 14),
    ("territories", 14),
    ("openrosa", 15),
    ("service", 15),
    ("truth", 15),
    ("field", 16),
    ("insight", 17),
    ("tashi", 20),
    ("testkit", 21),
];
/// Pure crates: no I/O, no clock, no async.
const ENGINES: &[&str] = &[
    "base",
    "fonts",
    "geo",
    "track",
    "fence",
    "route",
    "roads",
    "territory",
    "city",
    "columns",
    "flow",
    "forms",
    "paper",
    "face",
    "picture",
    "proof",
    "trust",
    "xlsform",
];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Crate name → folder.
fn crates() -> HashMap<String, std::path::PathBuf> {
    let mut found = HashMap::new();
    for parent in ["crates", "crates/domain"] {
        for entry in fs::read_dir(root().join(parent)).unwrap() {
            let folder = entry.unwrap().path();
            if folder.join("Cargo.toml").exists() {
                found.insert(folder.file_name().unwrap().to_string_lossy().into_owned(), folder);
            }
        }
    }
    found
}

/// Names of our own crates among the dependencies of a manifest (not those for tests).
fn own_dependencies(manifest: &str, names: &[String]) -> Vec<String> {
    let section = manifest.split("\n[").find(|s| s.starts_with("dependencies]")).unwrap_or("");
    let keys = section.lines().filter_map(|l| l.split(['.', ' ', '=']).next());
    keys.filter(|k| names.iter().any(|n| n == k)).map(str::to_owned).collect()
}

fn sources(folder: &Path) -> Vec<(std::path::PathBuf, String)> {
    let mut all = vec![];
    let mut folders = vec![folder.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                all.push((path, text));
            }
        }
    }
    all
}

#[test]
fn imports_go_down() {
    let crates = crates();
    let names: Vec<String> = crates.keys().cloned().collect();
    let floor: HashMap<&str, u32> = FLOORS.iter().copied().collect();
    for (name, folder) in &crates {
        let own = floor
            .get(name.as_str())
            .unwrap_or_else(|| panic!("{name} has no floor; give it one here and in docs/architecture.md"));
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        for used in own_dependencies(&manifest, &names) {
            assert!(
                floor[used.as_str()] < *own,
                "{name} (floor {own}) uses {used} (floor {})",
                floor[used.as_str()]
            );
        }
    }
}

#[test]
fn only_db_names_an_sql_engine() {
    for (name, folder) in crates().iter().filter(|(n, _)| !matches!(n.as_str(), "db" | "testkit")) {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        assert!(!manifest.contains("sqlx"), "{name} depends on sqlx");
    }
}

#[test]
fn engines_do_no_io_and_read_no_clock() {
    let crates = crates();
    for name in ENGINES {
        for (path, text) in sources(&crates[*name]) {
            let product = text.split("#[cfg(test)]").next().unwrap_or("");
            for word in ["std::fs", "std::net", "tokio", "SystemTime", "async fn"] {
                assert!(!product.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn handlers_contain_no_sql() {
    for (_, folder) in crates() {
        for (path, text) in sources(&folder).into_iter().filter(|(p, _)| p.ends_with("http.rs")) {
            for handler in text.split("#[utoipa::path(").skip(1) {
                let body = handler.split("\n}\n").next().unwrap_or("");
                assert!(
                    !body.contains("SELECT ") && !body.contains("INSERT INTO"),
                    "{} has SQL in a handler",
                    path.display()
                );
            }
        }
    }
}

/// A library built without its tests is not compiled twice; a test written there would never run.
#[test]
fn no_test_lies_where_none_is_run() {
    for (name, folder) in crates() {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let silent = if name == "tashi" { "main.rs" } else { ".rs" };
        if !manifest.lines().any(|line| line == "test = false") {
            continue;
        }
        for (path, text) in
            sources(&folder).into_iter().filter(|(p, _)| p.to_string_lossy().ends_with(silent))
        {
            assert!(!text.contains("#[cfg(test)]"), "{} has tests that are never built", path.display());
        }
    }
}

#[test]
fn only_sign_in_builds_a_person_s_scope() {
    for (name, folder) in crates() {
        for (path, text) in sources(&folder) {
            if text.contains("Scope::signed_in(") {
                let allowed = path.to_string_lossy().contains("org/src/auth") || name == "db";
                assert!(allowed, "{} builds a scope", path.display());
            }
        }
    }
}
