//! A company's log of 300 entries with two signed checkpoints behind it, and bundles of it.

use image::ImageEncoder as _;
use proof::{
    Archive, Bundle, Checkpoint, Entry, Hash, Leaf, SigningKey, Tree, bundle::LOG, commitment, leaf_hash,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub const SIZE: u64 = 300;
/// The entry that names the mileage statement.
pub const ISSUED: u64 = 150;
const ORIGIN: &str = "tashi/0193b2c4d5e67f8090a1b2c3d4e5f607";

pub struct Company {
    pub seed: [u8; 32],
    key: SigningKey,
    tree: Tree,
    entries: Vec<Entry>,
    checkpoints: Vec<(u64, String)>,
    photos: Vec<(String, Vec<u8>)>,
    statement: (String, Vec<u8>),
    /// Entries of the visit.
    pub visit_entries: Vec<u64>,
}

/// Parts of a bundle that a test may change before it is sealed.
pub struct Parts {
    kind: &'static str,
    entries: Vec<(u64, Entry)>,
    pub originals: Vec<(String, Vec<u8>)>,
}

fn photo(k: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([(x * 4 + k * 40) as u8, (y * 5) as u8, ((x + y) * 2) as u8])
    });
    let mut out = vec![];
    let encoder = image::codecs::png::PngEncoder::new(&mut out);
    encoder.write_image(&picture, 64, 48, image::ExtendedColorType::Rgb8).unwrap();
    out
}

/// A month of kilometres, a row a day.
fn statement() -> Vec<u8> {
    let rows = (1..=30).map(|day| {
        let meters = 20_000 + 613 * day;
        serde_json::json!({ "day": format!("2026-11-{day:02}"), "counted_m": meters, "trips": day % 5 })
            .to_string()
    });
    rows.collect::<Vec<_>>().join("\n").into_bytes()
}

impl Company {
    pub fn new(seed: [u8; 32]) -> Company {
        let photos = vec![("photo-a.png".to_owned(), photo(1)), ("photo-b.png".to_owned(), photo(2))];
        let statement = ("statement.json".to_owned(), statement());
        let visit_entries = vec![20, 57, 58, 90, 91, 130, 199];
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let entries = (0..SIZE).map(|index| {
            let (kind, named) = match index {
                57 => ("visit.photo", Some(&photos[0])),
                90 => ("visit.photo", Some(&photos[1])),
                ISSUED => ("statement.issued", Some(&statement)),
                _ => ("visit.step", None),
            };
            let files: Vec<_> = named
                .iter()
                .map(|(name, bytes)| {
                    let id = name.split('.').next();
                    serde_json::json!({ "id": id, "sha256": Hash::of(bytes).hex() })
                })
                .collect();
            let record = serde_json::json!({ "by": "张伟", "subject": format!("visit-{}", index / 7), "files": files });
            entry(index, kind, rng.random(), record.to_string())
        });
        let entries = entries.collect();
        Company::of(seed, entries, photos, statement, visit_entries)
    }

    fn of(
        seed: [u8; 32],
        entries: Vec<Entry>,
        photos: Vec<(String, Vec<u8>)>,
        statement: (String, Vec<u8>),
        visit: Vec<u64>,
    ) -> Company {
        let key = SigningKey::from_seed(ORIGIN, &seed).unwrap();
        let tree: Tree = entries.iter().map(|e| leaf_hash(e.leaf.as_bytes())).collect();
        let note = |size| {
            let root = tree.root(size).unwrap();
            (size, Checkpoint { origin: ORIGIN.into(), size, root }.sign(&key))
        };
        let checkpoints = vec![note(100), note(200)];
        Company { seed, key, tree, entries, checkpoints, photos, statement, visit_entries: visit }
    }

    pub fn photo_name(&self, rng: &mut ChaCha8Rng) -> String {
        format!("files/{}", self.photos[rng.random_range(0..self.photos.len())].0)
    }

    pub fn visit_parts(&self) -> Parts {
        let entries = self.visit_entries.iter().map(|&i| (i, self.entries[i as usize].clone())).collect();
        Parts { kind: "visit", entries, originals: self.photos.clone() }
    }

    pub fn sealed(&self, parts: &Parts) -> Archive {
        Bundle {
            key: &self.key,
            tree: &self.tree,
            size: SIZE,
            checkpoints: &self.checkpoints,
            kind: parts.kind,
            subject: "0193b2c4",
            made: "2026-11-29T09:00:00Z",
            entries: &parts.entries,
            originals: &parts.originals,
            others: &[("README.txt".into(), b"how to check this".to_vec())],
        }
        .archive()
        .unwrap()
    }

    pub fn visit(&self) -> Archive {
        self.sealed(&self.visit_parts())
    }

    /// A statement with the entry that names it.
    pub fn statement(&self) -> Archive {
        let entries = vec![(ISSUED, self.entries[ISSUED as usize].clone())];
        self.sealed(&Parts { kind: "statement", entries, originals: vec![self.statement.clone()] })
    }

    pub fn statement_name(&self) -> String {
        format!("files/{}", self.statement.0)
    }

    /// Sixty entries of a day, some of them erased.
    pub fn day(&self) -> Archive {
        let one = |i: u64| {
            let entry = self.entries[i as usize].clone();
            (
                i,
                if i % 5 == 4 && !self.visit_entries.contains(&i) {
                    Entry { open: None, ..entry }
                } else {
                    entry
                },
            )
        };
        let entries = (0..200).filter(|i| i % 4 == 0 || self.visit_entries.contains(i)).map(one).collect();
        self.sealed(&Parts { kind: "day", entries, originals: vec![] })
    }

    /// The checkpoint at 200, as somebody outside kept it.
    pub fn kept_note(&self) -> Vec<u8> {
        self.checkpoints[1].1.clone().into_bytes()
    }

    /// The whole log, as somebody outside kept it.
    pub fn kept_log(&self) -> Vec<u8> {
        log_bundle(self).to_bytes().unwrap()
    }
}

/// All leaves, no records.
pub fn log_bundle(company: &Company) -> Archive {
    let entries = company.entries.iter().enumerate();
    let entries = entries.map(|(i, e)| (i as u64, Entry { open: None, ..e.clone() })).collect();
    company.sealed(&Parts { kind: LOG, entries, originals: vec![] })
}

fn entry(index: u64, kind: &str, salt: [u8; 32], record: String) -> Entry {
    let at = format!("2026-11-20T0{}:{:02}:00Z", index / 60, index % 60);
    let leaf = Leaf::new(index, at, kind, commitment(&salt, &record)).text();
    Entry { leaf, open: Some((salt, record)) }
}

/// The same company with one entry changed and everything after it computed and signed anew.
pub fn resealed(company: &Company, changed: u64, seed: [u8; 32]) -> Company {
    let mut entries = company.entries.clone();
    let place = &mut entries[changed as usize];
    let leaf = Leaf::parse(&place.leaf).unwrap();
    let (salt, record) = place.open.clone().unwrap();
    *place = entry(changed, &leaf.kind, salt, record.replace("张伟", "李强"));
    let (photos, statement) = (company.photos.clone(), company.statement.clone());
    Company::of(seed, entries, photos, statement, company.visit_entries.clone())
}

/// An archive with one file replaced; its checksum is made to fit.
pub fn with_file(archive: &Archive, name: &str, content: Vec<u8>) -> Archive {
    let mut other = Archive::default();
    for (n, c) in archive.files() {
        other.add(n, if n == name { content.clone() } else { c.to_vec() });
    }
    other
}
