//! Twenty forms as people publish them, read, written, read again; and the ready forms of the house the other way.

use std::{collections::BTreeMap, fs, path::Path};

use forms::{Choice, Field, FieldKind, Form, FormSpec, Surroundings, fill, publish};
use serde_json::{Map, Value, json};
use xlsform::{Book, Sheet, read, write};

/// A file of the tests: `# survey`, then rows of cells between bars.
fn book(text: &str) -> Book {
    let mut sheets: BTreeMap<String, Sheet> = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines() {
        match line.strip_prefix("# ") {
            Some(sheet) => name = sheet.to_owned(),
            None => {
                let sheet = sheets.entry(name.clone()).or_default();
                let cells = line.split('|').map(|c| c.trim().to_owned()).collect();
                sheet.rows.push((sheet.rows.len() as u32 + 1, cells));
            }
        }
    }
    let mut take = |name: &str| sheets.remove(name).unwrap_or_default();
    Book { survey: take("survey"), choices: take("choices"), settings: take("settings"), others: vec![] }
}

fn files() -> Vec<(String, Book)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms");
    let mut all: Vec<(String, Book)> = fs::read_dir(folder)
        .expect("the folder of forms")
        .map(|f| f.expect("a form").path())
        .map(|p| (p.file_stem().unwrap_or_default().to_string_lossy().into_owned(), p))
        .map(|(name, path)| (name, book(&fs::read_to_string(path).expect("a form's text"))))
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn published(name: &str, spec: &FormSpec) -> Form {
    match publish(spec.clone()) {
        Ok(form) => form,
        Err(faults) => {
            panic!("{name}: {faults:#?}\n{}", serde_json::to_string_pretty(spec).unwrap_or_default())
        }
    }
}

/// A small generator: the same answers every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }

    fn pick(&mut self, all: &[Choice]) -> Value {
        let n = self.below(all.len());
        all.get(n).map_or(Value::Null, |c| json!(c.value))
    }

    fn answers(&mut self, spec: &FormSpec, fields: &[Field]) -> Map<String, Value> {
        let mut all = Map::new();
        for field in fields.iter().filter(|f| f.calc.is_none()) {
            if self.below(4) > 0 {
                let value = self.answer(spec, &field.kind);
                if !value.is_null() {
                    all.insert(field.key.clone(), value);
                }
            }
        }
        all
    }

    fn answer(&mut self, spec: &FormSpec, kind: &FieldKind) -> Value {
        match kind {
            FieldKind::Number { places, .. } => {
                let n = [-30, 0, 1, 2, 5, 7, 9, 17, 18, 60, 100, 250][self.below(12)];
                if *places > 0 && self.below(2) == 0 { json!(f64::from(n) + 0.5) } else { json!(n) }
            }
            FieldKind::YesNo => json!(self.below(2) == 0),
            FieldKind::Rating { max } => json!(1 + self.below(usize::from(*max))),
            FieldKind::Choice { from } => self.pick(spec.choices(from)),
            FieldKind::Choices { from, .. } => {
                let all = spec.choices(from);
                json!(all.iter().filter(|_| self.below(2) == 0).map(|c| &c.value).collect::<Vec<_>>())
            }
            FieldKind::Date => json!(["2010-02-28", "2026-11-20", "2026-11-19", "2031-01-01"][self.below(4)]),
            FieldKind::Time => json!(["08:00", "17:45"][self.below(2)]),
            FieldKind::DateTime => json!("2026-11-20T08:30"),
            FieldKind::Place => json!({ "lng": 118.8, "lat": 32.0 }),
            FieldKind::Photo { max, .. } => {
                let ids = ["a", "b", "c", "d"];
                json!(ids[..1 + self.below(max.unwrap_or(1).min(4) as usize)])
            }
            FieldKind::Table { fields, .. } => {
                let rows = self.below(4);
                json!((0..rows).map(|_| Value::Object(self.answers(spec, fields))).collect::<Vec<_>>())
            }
            FieldKind::Note | FieldKind::Audio | FieldKind::File { .. } => Value::Null,
            FieldKind::Phone => json!("13800000000"),
            _ => json!(["Anna", "AB1234", "x@y.cn", "12", "甲"][self.below(5)]),
        }
    }
}

/// How many of the answers tried meant the same to both, and none that did not.
fn same_behaviour(name: &str, a: &Form, b: &Form) {
    let around = Surroundings {
        customer: json!({ "grade": "A", "class": "shop" }),
        user: json!({ "name": "Li" }),
        task: Value::Null,
        today: "2026-11-20".into(),
    };
    let mut dice = Dice(7);
    let mut shown = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let given = dice.answers(&a.spec, &a.spec.fields);
        let (one, two) = (fill(a, &given, &around), fill(b, &given, &around));
        shown.extend(one.shown.iter().map(|p| p.split('[').next().unwrap_or(p).to_owned()));
        assert_eq!(
            (&one.answers, &one.shown, &one.problems, one.score),
            (&two.answers, &two.shown, &two.problems, two.score),
            "{name}: {given:?}"
        );
    }
    let never: Vec<&str> =
        a.spec.fields.iter().map(|f| f.key.as_str()).filter(|k| !shown.contains(*k)).collect();
    assert!(never.is_empty(), "{name}: never shown, so never tried: {never:?}");
}

#[test]
fn twenty_forms_keep_their_meaning() {
    let all = files();
    assert!(all.len() >= 20, "{} forms", all.len());
    let mut faults = vec![];
    for (name, book) in all {
        let first = read(&book);
        let Some(spec) = first.spec else {
            let refused: Vec<_> = first.losses.iter().filter(|l| l.refused).collect();
            faults.push(format!("{name}: {refused:?}"));
            continue;
        };
        let form = published(&name, &spec);
        let back = write(&spec, &first.key, "1");
        let refused: Vec<_> = back.losses.iter().filter(|l| l.refused).collect();
        if !refused.is_empty() {
            faults.push(format!("{name}, written: {refused:?}"));
            continue;
        }
        let second = read(&back.book);
        let Some(again) = second.spec else {
            faults.push(format!("{name}, read again: {:?}", second.losses));
            continue;
        };
        same_behaviour(&name, &form, &published(&name, &again));
        if spec != again {
            let differs = spec.fields.iter().zip(&again.fields).find(|(a, b)| a != b);
            let rest = |s: &FormSpec| format!("{:?} {:?} {:?}", s.title, s.sections, s.lists);
            faults.push(format!("{name}: {differs:#?}\n{}\n{}", rest(&spec), rest(&again)));
        }
        assert_eq!(first.key, second.key, "{name}");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The ready forms of the library: written, then read, they are the same forms.
#[test]
fn the_houses_own_forms_come_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/formbook/src/library");
    let mut seen = 0;
    for file in fs::read_dir(folder).expect("the library") {
        let path = file.expect("a form").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a form's text");
        let spec: FormSpec = serde_json::from_str(&text).expect("a form");
        let written = write(&spec, &name, "1");
        let refused: Vec<_> = written.losses.iter().filter(|l| l.refused).collect();
        // Checked items have no counterpart: a form with them is refused, and no other.
        let checked = spec.fields.iter().any(|f| matches!(f.kind, FieldKind::Check(_)));
        assert_eq!(checked, !refused.is_empty(), "{name}: {refused:?}");
        if checked {
            continue;
        }
        let reading = read(&written.book);
        let Some(again) = reading.spec else { panic!("{name}: {:?}", reading.losses) };
        same_behaviour(&name, &published(&name, &spec), &published(&name, &again));
        // once more, and nothing moves
        let twice = read(&write(&again, &name, "1").book).spec;
        assert_eq!(twice.as_ref(), Some(&again), "{name}");
        seen += 1;
    }
    assert!(seen >= 5, "{seen} forms");
}

/// What is lost is said with its place; what would change the meaning is refused.
#[test]
fn losses_are_told_with_their_place() {
    let book = book(
        "# survey\ntype|name|label|appearance|relevant|guidance_hint|calculation|parameters\n\
         start|start||||||\n\
         text|a|A|||Ask kindly||\n\
         integer|b|How old is ${a}?|thousands-sep|||\n\
         geotrace|c|C|||||\n\
         text|d|D||${nobody} = 1|||\n\
         select_one_from_file shops.csv|e|E|||||\n\
         calculate|f|||||pulldata('x', 'y', 'z', ${a})|\n\
         select_one missing|g|G|||||randomize=true\n\
         text|a|Again|||||\n\
         begin_group|h|H|||||\n\
         # choices\nlist_name|name|label\n\
         # settings\nform_title|public_key|style\nT|MIIB|pages\n",
    );
    let reading = read(&book);
    assert_eq!(reading.spec, None);
    let told: Vec<(String, u32, &str, &str, bool)> = reading
        .losses
        .iter()
        .map(|l| (l.sheet.clone(), l.row, l.column.as_str(), l.code, l.refused))
        .collect();
    for wanted in [
        ("survey", 2, "type", "meta", false),
        ("survey", 3, "guidance_hint", "guidance", false),
        ("survey", 4, "appearance", "appearance", false),
        ("survey", 4, "label", "piped", false),
        ("survey", 5, "type", "type", true),
        ("survey", 6, "relevant", "field", true),
        ("survey", 7, "type", "type", true),
        ("survey", 8, "calculation", "function", true),
        ("survey", 9, "parameters", "random", false),
        ("survey", 9, "type", "list", true),
        ("survey", 10, "name", "name", true),
        ("survey", 11, "type", "unbalanced", true),
        ("settings", 2, "public_key", "encrypted", true),
        ("settings", 2, "style", "setting", false),
    ] {
        let wanted = (wanted.0.to_owned(), wanted.1, wanted.2, wanted.3, wanted.4);
        assert!(told.contains(&wanted), "{wanted:?} not among {told:#?}");
    }
    for loss in &reading.losses {
        let (zh, en) = loss.sentence();
        assert!(zh != "无法保留" && en != "Cannot be kept", "{loss:?} has no sentence");
    }
}

/// Sheets made to hurt are read or refused, and end.
#[test]
fn hostile_sheets_end() {
    let sheet = |rows: Vec<Vec<String>>| Sheet { rows: (1..).zip(rows).collect() };
    let head = || ["type", "name", "label", "relevant"].map(str::to_owned).to_vec();
    let row = |a: &str, b: String, c: &str, d: String| vec![a.to_owned(), b, c.to_owned(), d];
    let mut deep = vec![head()];
    deep.extend((0..3000).map(|n| row("begin_group", format!("g{n}"), "G", "${x} > 1".into())));
    deep.push(row("text", "x".into(), "X", String::new()));
    let mut circle = vec![head()];
    circle.extend(
        (0..300).map(|n| row("text", format!("t{n}"), "T", format!("${{t{}}} != ''", (n + 1) % 300))),
    );
    let many = (0..100_000).map(|n| row("text", format!("t{n}"), "T", String::new())).collect();
    let wide = vec![vec!["type".to_owned(); 5000], vec!["text".to_owned(); 5000]];
    for rows in [deep, circle, many, wide, vec![], vec![vec![]]] {
        let begun = std::time::Instant::now();
        let reading = read(&Book { survey: sheet(rows), ..Book::default() });
        if let Some(spec) = reading.spec {
            let _ = publish(spec);
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}
