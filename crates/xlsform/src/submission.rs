//! What ODK Collect sends: one filled form as XML (<https://getodk.github.io/xforms-spec/#submission>), read into answers.
//!
//! The text comes from outside: no document types, no entities but the five of XML, bounded depth, size and number of
//! elements.

use std::collections::BTreeSet;

use forms::{Field, FieldKind, FormSpec};
use quick_xml::{Reader, XmlVersion, events::BytesStart, events::Event};
use serde_json::{Map, Value, json};

use crate::names::Names;

const MAX_BYTES: usize = 1 << 20;
const MAX_DEPTH: usize = 8;
const MAX_ELEMENTS: usize = 20_000;

/// A filled form before its form is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Id and version of the form, as the form's own XML names them.
    pub form: String,
    pub version: String,
    /// `uuid:…`; the same however often it is sent.
    pub instance: String,
    /// When the person began, likewise.
    pub started: Option<String>,
    /// When the person was done, by the phone's clock, as ISO 8601 with an offset.
    pub ended: Option<String>,
    root: Element,
}

/// Why a submission cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No XML, or XML with what is not taken: a document type, an entity, too deep, too much.
    Xml(&'static str),
    /// No form id, version or instance id.
    Missing(&'static str),
    /// An element the form does not ask for.
    Unknown(String),
    /// A value its question does not take.
    Value(String),
}

/// Answers, and the names of the files among them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// By field key.
    pub answers: Map<String, Value>,
    /// Names of pictures.
    pub files: BTreeSet<String>,
    /// Names of other files.
    pub documents: BTreeSet<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|c| c.name == name)
    }
}

/// Reads the XML.
///
/// # Errors
/// [`Wrong::Xml`], [`Wrong::Missing`].
pub fn read(xml: &str) -> Result<Submission, Wrong> {
    if xml.len() > MAX_BYTES {
        return Err(Wrong::Xml("too large"));
    }
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<Element> = vec![];
    let (mut form, mut version, mut elements) = (String::new(), String::new(), 0);
    let root = loop {
        match reader.read_event().map_err(|_| Wrong::Xml("not well-formed"))? {
            Event::Start(tag) => {
                elements += 1;
                if open.len() == MAX_DEPTH || elements > MAX_ELEMENTS {
                    return Err(Wrong::Xml("too deep or too much"));
                }
                if open.is_empty() {
                    form = attribute(&tag, "id");
                    version = attribute(&tag, "version");
                }
                open.push(Element { name: tag.local_name().as_ref().to_owned(), ..Element::default() });
            }
            Event::Empty(tag) => {
                elements += 1;
                if elements > MAX_ELEMENTS {
                    return Err(Wrong::Xml("too much"));
                }
                let name = tag.local_name().as_ref().to_owned();
                match open.last_mut() {
                    Some(parent) => parent.children.push(Element { name, ..Element::default() }),
                    None => return Err(Wrong::Xml("empty")),
                }
            }
            Event::End(_) => {
                let Some(done) = open.pop() else { return Err(Wrong::Xml("not well-formed")) };
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => break done,
                }
            }
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::CData(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::GeneralRef(entity) => {
                let plain = match &*entity {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => entity.resolve_char_ref().ok().flatten().filter(|c| *c != '\0'),
                };
                let plain = plain.ok_or(Wrong::Xml("entity"))?;
                if let Some(element) = open.last_mut() {
                    element.text.push(plain);
                }
            }
            Event::DocType(_) => return Err(Wrong::Xml("document type")),
            Event::Eof => return Err(Wrong::Xml("ends early")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    };
    let said = |name: &str| {
        let text = root.child("meta").and_then(|m| m.child(name)).map(|e| e.text.trim().to_owned());
        text.filter(|t| !t.is_empty() && t.len() <= 200)
    };
    if form.is_empty() || form.len() > 100 {
        return Err(Wrong::Missing("id"));
    }
    let instance = said("instanceID").ok_or(Wrong::Missing("instanceID"))?;
    let (started, ended) = (said("timeStart"), said("timeEnd"));
    Ok(Submission { form, version, instance, started, ended, root })
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.try_get_attribute(name).ok().flatten();
    let value = found.and_then(|a| a.normalized_value(XmlVersion::Implicit1_0).ok().map(|v| v.into_owned()));
    value.unwrap_or_default()
}

impl Submission {
    /// The answers, for the version of the form the submission names. `names` are those the form was written with; `file`
    /// says what stands in the answers for a file of that name.
    ///
    /// # Errors
    /// [`Wrong::Unknown`], [`Wrong::Value`].
    pub fn answers(
        &self,
        spec: &FormSpec,
        names: &Names,
        file: &dyn Fn(&str) -> String,
    ) -> Result<Answers, Wrong> {
        let mut all = Answers::default();
        let mut reading = Reading { names, file, files: &mut all.files, documents: &mut all.documents };
        let answers = reading.level(&self.root, &spec.fields, None)?;
        all.answers = answers;
        Ok(all)
    }
}

struct Reading<'r> {
    names: &'r Names,
    file: &'r dyn Fn(&str) -> String,
    files: &'r mut BTreeSet<String>,
    documents: &'r mut BTreeSet<String>,
}

impl Reading<'_> {
    fn name<'a>(&'a self, field: &'a Field, table: Option<&str>) -> &'a str {
        let found = self.names.iter().find(|(_, k)| k.key == field.key && k.table.as_deref() == table);
        found.map_or(&field.key, |(name, _)| name)
    }

    /// One level: the form itself, also within its groups, or a row.
    fn level(
        &mut self,
        element: &Element,
        fields: &[Field],
        table: Option<&str>,
    ) -> Result<Map<String, Value>, Wrong> {
        let mut answers = Map::new();
        for child in &element.children {
            self.child(child, fields, table, &mut answers)?;
        }
        Ok(answers)
    }

    fn child(
        &mut self,
        child: &Element,
        fields: &[Field],
        table: Option<&str>,
        answers: &mut Map<String, Value>,
    ) -> Result<(), Wrong> {
        let field = fields.iter().find(|f| {
            let name = self.name(f, table);
            child.name == name || photo_of(f, name, &child.name)
        });
        let Some(field) = field else {
            // groups hold fields of the same level; what a form computes for itself is not asked for
            let own = table.is_none() && child.name.starts_with("section_") && !child.children.is_empty();
            if own {
                for inner in &child.children {
                    self.child(inner, fields, table, answers)?;
                }
                return Ok(());
            }
            let known =
                child.name == "meta" || child.name.ends_with("_count") || child.name.starts_with("section_");
            return if known { Ok(()) } else { Err(Wrong::Unknown(child.name.chars().take(60).collect())) };
        };
        if let FieldKind::Table { fields, .. } = &field.kind {
            let row = self.level(child, fields, Some(&field.key))?;
            if let Value::Array(rows) =
                answers.entry(field.key.clone()).or_insert_with(|| Value::Array(vec![]))
            {
                rows.push(Value::Object(row));
            }
            return Ok(());
        }
        let text = child.text.trim();
        if text.is_empty() || field.calc.is_some() || matches!(field.kind, FieldKind::Note) {
            return Ok(());
        }
        let wrong = || Wrong::Value(field.key.clone());
        let value = match &field.kind {
            FieldKind::Photo { .. } | FieldKind::File { .. } => json!([(self.file)(text)]),
            FieldKind::Signature => json!((self.file)(text)),
            _ => value(field, text).ok_or_else(wrong)?,
        };
        match &field.kind {
            FieldKind::Photo { .. } | FieldKind::Signature => drop(self.files.insert(text.to_owned())),
            FieldKind::File { .. } => drop(self.documents.insert(text.to_owned())),
            _ => {}
        }
        match (&field.kind, answers.get_mut(&field.key)) {
            (FieldKind::Photo { .. }, Some(Value::Array(all))) => all.push(json!((self.file)(text))),
            (_, Some(_)) => return Err(wrong()),
            (_, None) => drop(answers.insert(field.key.clone(), value)),
        }
        Ok(())
    }
}

/// Is `name` a further picture of a photo question?
fn photo_of(field: &Field, own: &str, name: &str) -> bool {
    matches!(field.kind, FieldKind::Photo { .. })
        && name
            .strip_prefix(own)
            .and_then(|r| r.strip_prefix("_photo_"))
            .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
}

/// A text of Collect as a JSON answer; limits are the form's own matter.
fn value(field: &Field, text: &str) -> Option<Value> {
    let at = |n: usize| text.get(..n).map(|t| json!(t));
    Some(match &field.kind {
        FieldKind::Number { .. } | FieldKind::Rating { .. } => {
            let n: f64 = text.parse().ok()?;
            if !n.is_finite() {
                return None;
            }
            if n.fract() == 0.0 && n.abs() < 9e15 { json!(n as i64) } else { json!(n) }
        }
        FieldKind::YesNo => match text {
            "yes" => json!(true),
            "no" => json!(false),
            _ => return None,
        },
        FieldKind::Choices { .. } => json!(text.split_whitespace().collect::<Vec<_>>()),
        FieldKind::Date => at(10)?,
        FieldKind::Time => at(5)?,
        FieldKind::DateTime => at(16)?,
        FieldKind::Place => {
            let parts: Vec<f64> = text.split_whitespace().filter_map(|p| p.parse().ok()).collect();
            let (lat, lng) = (*parts.first()?, *parts.get(1)?);
            geo::LngLat::new(lng, lat).ok()?;
            match parts.get(3).filter(|a| a.is_finite() && **a >= 0.0) {
                Some(accuracy) => json!({ "lng": lng, "lat": lat, "accuracy_m": accuracy }),
                None => json!({ "lng": lng, "lat": lat }),
            }
        }
        FieldKind::Photo { .. }
        | FieldKind::Signature
        | FieldKind::Audio
        | FieldKind::File { .. }
        | FieldKind::Table { .. }
        | FieldKind::Check(_)
        | FieldKind::Note => return None,
        _ => json!(text),
    })
}
