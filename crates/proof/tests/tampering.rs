//! A thousand tamperings of visit, day, statement and log bundles: all found, the first bad item named, by this crate and by
//! the independent verifier in Python; all originals accepted by both.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

mod scene;

use std::{collections::BTreeMap, path::Path, process::Command};

use image::ImageEncoder as _;
use proof::{Archive, Trust, verify};
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use scene::{Company, ISSUED, log_bundle, resealed, with_file};

const TAMPERINGS: usize = 1_000;

/// One tampered bundle and the item that must be named (`None`: any, but the same in both verifiers).
struct Case {
    family: &'static str,
    bytes: Vec<u8>,
    outside: Outside,
    expected: Option<String>,
}

/// What the verifier was given from outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outside {
    Nothing,
    Note,
    Log,
}

fn lines_of(archive: &Archive) -> Vec<String> {
    let text = std::str::from_utf8(archive.get("entries.jsonl").unwrap()).unwrap();
    text.split_inclusive('\n').map(str::to_owned).collect()
}

/// Index an entry's line speaks of.
fn index_of(line: &str) -> u64 {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let leaf: serde_json::Value = serde_json::from_str(line["leaf"].as_str().unwrap()).unwrap();
    leaf["index"].as_u64().unwrap()
}

fn with_lines(archive: &Archive, lines: &[String]) -> Vec<u8> {
    with_file(archive, "entries.jsonl", lines.concat().into_bytes()).to_bytes().unwrap()
}

/// A row with one character of one of its values changed.
fn changed_row(line: &str, rng: &mut ChaCha8Rng) -> String {
    let mut row: serde_json::Value = serde_json::from_str(line).unwrap();
    let names: Vec<&str> = ["leaf", "salt", "record"]
        .into_iter()
        .filter(|n| row.get(*n).is_some_and(|v| v.is_string()))
        .collect();
    let name = *names.choose(rng).unwrap();
    let text: Vec<char> = row[name].as_str().unwrap().chars().collect();
    loop {
        let mut other = text.clone();
        let at = rng.random_range(0..other.len());
        other[at] = *['0', '5', 'a', 'e', '"', '里'].choose(rng).unwrap();
        if other != text {
            row[name] = other.into_iter().collect::<String>().into();
            return format!("{row}\n");
        }
    }
}

/// The same picture with one pixel changed, encoded again without loss.
fn changed_pixel(png: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut picture = image::load_from_memory(png).unwrap().into_rgb8();
    let (w, h) = picture.dimensions();
    let pixel = picture.get_pixel_mut(rng.random_range(0..w), rng.random_range(0..h));
    pixel.0[rng.random_range(0..3)] ^= 1 << rng.random_range(0..8);
    let mut out = vec![];
    let encoder = image::codecs::png::PngEncoder::new(&mut out);
    encoder.write_image(&picture, w, h, image::ExtendedColorType::Rgb8).unwrap();
    out
}

/// The rows of a statement with one changed, left out, moved or the rest cut off.
fn changed_statement(rows: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut rows: Vec<String> = std::str::from_utf8(rows).unwrap().lines().map(str::to_owned).collect();
    let k = rng.random_range(0..rows.len() - 1);
    match rng.random_range(0..4) {
        0 => {
            let mut row: serde_json::Value = serde_json::from_str(&rows[k]).unwrap();
            row["counted_m"] = (row["counted_m"].as_i64().unwrap() + rng.random_range(1..9_000)).into();
            rows[k] = row.to_string();
        }
        1 => drop(rows.remove(k)),
        2 => rows.swap(k, k + 1),
        _ => rows.truncate(k),
    }
    rows.join("\n").into_bytes()
}

fn tamper(company: &Company, rng: &mut ChaCha8Rng) -> Case {
    let originals = [company.visit(), company.day(), log_bundle(company)];
    let archive = originals.choose(rng).unwrap();
    // As a whole a statement is a bundle like any other; it has one entry only, so its rows are changed below.
    let handed_out = if rng.random_bool(0.25) { &company.statement() } else { archive };
    let whole = handed_out.to_bytes().unwrap();
    let outside = *[Outside::Nothing, Outside::Note, Outside::Log].choose(rng).unwrap();
    let lines = lines_of(archive);
    let (family, bytes, expected) = match rng.random_range(0..10) {
        0 => {
            let mut bytes = whole;
            let at = rng.random_range(0..bytes.len());
            bytes[at] ^= 1 << rng.random_range(0..8);
            ("byte", bytes, None)
        }
        1 => {
            let (archive, name) = (company.visit(), company.photo_name(rng));
            let other = changed_pixel(archive.get(&name).unwrap(), rng);
            ("pixel", with_file(&archive, &name, other).to_bytes().unwrap(), Some(name))
        }
        2 => {
            let k = rng.random_range(0..lines.len());
            let mut changed = lines.clone();
            changed[k] = changed_row(&lines[k], rng);
            ("row", with_lines(archive, &changed), Some(format!("entry {}", index_of(&lines[k]))))
        }
        3 => {
            let k = rng.random_range(0..lines.len());
            let mut fewer = lines.clone();
            fewer.remove(k);
            ("row removed", with_lines(archive, &fewer), Some(format!("entry {}", index_of(&lines[k]))))
        }
        4 => {
            let (a, b) = (rng.random_range(0..lines.len()), rng.random_range(0..lines.len()));
            let (a, b) = (a.min(b), if a == b { (b + 1) % lines.len() } else { a.max(b) });
            let mut moved = lines.clone();
            moved.swap(a, b);
            ("order", with_lines(archive, &moved), Some(format!("entry {}", index_of(&lines[a.min(b)]))))
        }
        5 => {
            let length = rng.random_range(0..whole.len());
            ("truncation", whole[..length].to_vec(), Some("archive".into()))
        }
        6 => {
            let keep = rng.random_range(0..lines.len());
            let first = format!("entry {}", index_of(&lines[keep]));
            ("truncated rows", with_lines(archive, &lines[..keep]), Some(first))
        }
        7 => {
            let (archive, name) = (company.statement(), company.statement_name());
            let other = changed_statement(archive.get(&name).unwrap(), rng);
            ("statement", with_file(&archive, &name, other).to_bytes().unwrap(), Some(name))
        }
        8 => return rehashed_by_outsider(company, rng),
        _ => return rehashed_with_the_companys_key(company, rng),
    };
    Case { family, bytes, outside, expected }
}

/// Everything computed anew after a change, signed with a key of the forger's own.
fn rehashed_by_outsider(company: &Company, rng: &mut ChaCha8Rng) -> Case {
    let changed = company.visit_entries[rng.random_range(0..company.visit_entries.len())];
    let forged = resealed(company, changed, [99; 32]);
    let archives = [forged.visit(), forged.day(), forged.statement(), log_bundle(&forged)];
    let archive = archives.choose(rng).unwrap();
    let outside = *[Outside::Note, Outside::Log].choose(rng).unwrap();
    let bytes = archive.to_bytes().unwrap();
    Case { family: "chain re-hashed, own key", bytes, outside, expected: Some("outside".into()) }
}

/// The same by somebody who has the company's key: only what is kept outside tells.
fn rehashed_with_the_companys_key(company: &Company, rng: &mut ChaCha8Rng) -> Case {
    if rng.random_bool(0.25) {
        let bytes = resealed(company, ISSUED, company.seed).statement().to_bytes().unwrap();
        let outside = *[Outside::Note, Outside::Log].choose(rng).unwrap();
        let expected = Some(format!("entry {ISSUED}"));
        return Case { family: "chain re-hashed, company's key", bytes, outside, expected };
    }
    let changed = company.visit_entries[rng.random_range(0..company.visit_entries.len())];
    let forged = resealed(company, changed, company.seed);
    if rng.random_bool(0.5) {
        let bytes = forged.visit().to_bytes().unwrap();
        let expected = Some(format!("entry {}", company.visit_entries[0]));
        return Case { family: "chain re-hashed, company's key", bytes, outside: Outside::Note, expected };
    }
    let archive = [forged.visit(), forged.day(), log_bundle(&forged)].choose(rng).unwrap().clone();
    let bytes = archive.to_bytes().unwrap();
    let expected = Some(format!("entry {changed}"));
    Case { family: "chain re-hashed, company's key", bytes, outside: Outside::Log, expected }
}

/// Runs the Python verifier over files; answers `item [what]` or `OK` for each.
fn python(files: &[&Path], outside: Option<&Path>) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../verify/verify.py");
    let mut command = Command::new("python3");
    command.arg(script).args(files);
    if let Some(outside) = outside {
        command.arg("--checkpoint").arg(outside);
    }
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let verdict = |line: &str| {
        if line.starts_with("OK ") {
            return Some("OK".to_owned());
        }
        line.strip_prefix("FAULT ")
            .and_then(|l| l.split_once(".tashi.zip: "))
            .map(|(_, said)| said.to_owned())
    };
    text.lines().filter_map(verdict).collect()
}

fn has_python() -> bool {
    Command::new("python3").arg("--version").output().is_ok_and(|o| o.status.success())
}

#[test]
fn every_tampering_is_found_and_named_by_both_verifiers() {
    let company = Company::new([7; 32]);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: String| folder.path().join(name);
    let (note, log) = (company.kept_note(), company.kept_log());
    std::fs::write(path("note".into()), &note).unwrap();
    std::fs::write(path("log".into()), &log).unwrap();
    let given = |outside| match outside {
        Outside::Nothing => None,
        Outside::Note => Some(note.as_slice()),
        Outside::Log => Some(log.as_slice()),
    };

    let mut originals = vec![];
    let whole = [
        ("visit", company.visit()),
        ("day", company.day()),
        ("statement", company.statement()),
        ("log", log_bundle(&company)),
    ];
    for (name, archive) in whole {
        let bytes = archive.to_bytes().unwrap();
        for outside in [Outside::Nothing, Outside::Note, Outside::Log] {
            let found = verify(&bytes, given(outside)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
            assert_eq!(found.trust == Trust::SelfConsistent, outside == Outside::Nothing);
        }
        let file = path(format!("{name}.tashi.zip"));
        std::fs::write(&file, bytes).unwrap();
        originals.push(file);
    }

    let mut rng = ChaCha8Rng::seed_from_u64(20_261_129);
    let cases: Vec<Case> = (0..TAMPERINGS).map(|_| tamper(&company, &mut rng)).collect();
    let (mut families, mut verdicts) = (BTreeMap::<&str, usize>::new(), vec![]);
    for (k, case) in cases.iter().enumerate() {
        let fault = match verify(&case.bytes, given(case.outside)) {
            Err(fault) => fault,
            Ok(_) => panic!("tampering {k} ({}) was accepted", case.family),
        };
        if let Some(expected) = &case.expected {
            assert_eq!(fault.item, *expected, "tampering {k} ({}): {fault}", case.family);
        }
        *families.entry(case.family).or_default() += 1;
        verdicts.push(format!("{} [{}]", fault.item, fault.what.key()));
        std::fs::write(path(format!("{k}.tashi.zip")), &case.bytes).unwrap();
    }
    println!("{TAMPERINGS} tamperings found: {families:?}");

    if !has_python() {
        println!("python3 is not installed: its verifier was not run");
        return;
    }
    for (outside, kept) in
        [(Outside::Nothing, None), (Outside::Note, Some("note")), (Outside::Log, Some("log"))]
    {
        let kept = kept.map(|k| path(k.into()));
        let files: Vec<&Path> = originals.iter().map(|p| p.as_path()).collect();
        assert_eq!(python(&files, kept.as_deref()), ["OK"; 4]);
        let mine: Vec<usize> = (0..cases.len()).filter(|k| cases[*k].outside == outside).collect();
        let files: Vec<_> = mine.iter().map(|k| path(format!("{k}.tashi.zip"))).collect();
        let said = python(&files.iter().map(|p| p.as_path()).collect::<Vec<_>>(), kept.as_deref());
        assert_eq!(said.len(), mine.len());
        for (k, said) in mine.iter().zip(said) {
            assert_eq!(said, verdicts[*k], "tampering {k} ({}) in Python", cases[*k].family);
        }
    }
    println!("the Python verifier says the same of all {TAMPERINGS} and accepts the originals");
}

#[test]
fn an_unpacked_bundle_is_the_same() {
    let company = Company::new([7; 32]);
    let visit = company.visit();
    let mut files: Vec<(String, Vec<u8>)> = visit.files().map(|(n, c)| (n.to_owned(), c.to_vec())).collect();
    files.reverse();
    let open = |files: &[(String, Vec<u8>)]| {
        proof::verify_archive(&Archive::from_folder(files.iter().cloned()), None).map_err(|f| f.to_string())
    };
    assert_eq!(open(&files).unwrap().originals, 2);
    let mut more = files.clone();
    more.push(("notes.txt".into(), b"mine".to_vec()));
    assert!(open(&more).unwrap_err().starts_with("notes.txt: does not belong here"));
    let fewer: Vec<_> = files.iter().filter(|(n, _)| !n.starts_with("files/")).cloned().collect();
    assert!(open(&fewer).unwrap_err().starts_with("files/"));
}

#[test]
fn an_original_that_no_record_names_is_not_taken() {
    let company = Company::new([7; 32]);
    let mut bundle = company.visit_parts();
    bundle.originals[0].1.push(0);
    let fault = verify(&company.sealed(&bundle).to_bytes().unwrap(), None).unwrap_err();
    assert_eq!(
        (fault.item.as_str(), fault.what.key()),
        (&*format!("files/{}", bundle.originals[0].0), "unrecorded")
    );
}
