//! A published form as ODK Collect downloads it: an ODK XForm (<https://getodk.github.io/xforms-spec/>).
//!
//! Made from the rows of the XLSForm of the form, as pyxform makes it: one model with an instance, a bind for each
//! question, texts in all languages, lists of choices as secondary instances; and a body.

use std::collections::BTreeMap;
use std::fmt::Write;

use forms::{Choice, FormSpec, Text};

use crate::{
    book::language_heading,
    loss::Loss,
    names::{Kind, Names},
    write::{Line, Writing, write},
    xpath::{self, Expr},
};

/// A form for Collect.
#[derive(Clone, Debug)]
pub struct XForm {
    pub xml: String,
    /// All questions by the names the XML calls them.
    pub names: Names,
    /// What Collect will not know; with one that is refused the form must not be handed out.
    pub losses: Vec<Loss>,
}

/// Where each question stands in the instance.
struct Node {
    path: String,
    table: Option<String>,
}

struct Maker<'m> {
    lines: &'m [Line],
    names: &'m Names,
    nodes: BTreeMap<String, Node>,
    instance: String,
    binds: String,
    values: String,
    body: String,
    texts: BTreeMap<String, Vec<(String, String)>>,
}

/// Writes version `version` of the form whose id is `key`.
pub fn xform(spec: &FormSpec, key: &str, version: &str) -> XForm {
    let Writing { lines, choices, names, losses, languages, .. } = write(spec, key, version);
    let mut maker = Maker {
        lines: &lines,
        names: &names,
        nodes: BTreeMap::new(),
        instance: String::new(),
        binds: String::new(),
        values: String::new(),
        body: String::new(),
        texts: BTreeMap::new(),
    };
    maker.place();
    maker.fill();
    let lists = maker.lists(&choices);
    let title = languages.iter().find_map(|l| spec.title.get(l)).map_or(key, String::as_str);
    let xml = format!(
        "<?xml version=\"1.0\"?>\n<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
         xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:odk=\"http://www.opendatakit.org/xforms\" \
         xmlns:orx=\"http://openrosa.org/xforms\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><h:head><h:title>{}</h:title>\
         <model odk:xforms-version=\"1.0.0\">{}<instance><data id=\"{}\" version=\"{}\">{}<orx:meta><orx:instanceID/>\
         <orx:timeStart/><orx:timeEnd/></orx:meta></data></instance>{lists}{}\
         <bind nodeset=\"/data/orx:meta/orx:instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/>\
         <bind nodeset=\"/data/orx:meta/orx:timeStart\" type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"start\"/>\
         <bind nodeset=\"/data/orx:meta/orx:timeEnd\" type=\"dateTime\" jr:preload=\"timestamp\" jr:preloadParams=\"end\"/>{}\
         </model></h:head><h:body>{}</h:body></h:html>\n",
        escaped(title),
        maker.itext(&languages),
        escaped(key),
        escaped(version),
        maker.instance,
        maker.binds,
        maker.values,
        maker.body,
    );
    XForm { xml, names, losses }
}

/// Text as XML holds it; characters XML cannot hold are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

fn line_name(line: &Line) -> &str {
    line.cell("name")
}

impl Maker<'_> {
    /// Finds where each question stands.
    fn place(&mut self) {
        let (mut path, mut table) = (vec!["/data".to_owned()], None);
        for line in self.lines {
            let name = line_name(line).to_owned();
            match line.cell("type") {
                "end_group" => drop(path.pop()),
                "end_repeat" => {
                    path.pop();
                    table = None;
                }
                kind => {
                    let own = format!("{}/{name}", path.last().map_or("/data", String::as_str));
                    self.nodes.insert(name.clone(), Node { path: own.clone(), table: table.clone() });
                    if kind == "begin_repeat" {
                        table = Some(name);
                    }
                    if matches!(kind, "begin_repeat" | "begin_group") {
                        path.push(own);
                    }
                }
            }
        }
    }

    fn fill(&mut self) {
        // what each level closes with
        let mut ends: Vec<&'static str> = vec![];
        let mut tags: Vec<String> = vec![];
        for line in self.lines {
            let name = line_name(line);
            match line.cell("type") {
                "begin_group" => {
                    let path = self.path(name);
                    let _ = write!(self.instance, "<{name}>");
                    let look = attribute("appearance", line.cell("appearance"));
                    let _ = write!(self.body, "<group ref=\"{path}\"{look}>");
                    self.label(line, &path);
                    ends.push("</group>");
                    tags.push(name.to_owned());
                }
                "begin_repeat" => {
                    self.repeat(line, name);
                    ends.push("</repeat></group>");
                    tags.push(name.to_owned());
                }
                "end_group" | "end_repeat" => {
                    self.body.push_str(ends.pop().unwrap_or_default());
                    let _ = write!(self.instance, "</{}>", tags.pop().unwrap_or_default());
                }
                _ => self.question(line, name),
            }
        }
    }

    fn path(&self, name: &str) -> String {
        self.nodes.get(name).map_or_else(|| format!("/data/{name}"), |n| n.path.clone())
    }

    fn repeat(&mut self, line: &Line, name: &str) {
        let path = self.path(name);
        let mut count = String::new();
        let times = line.cell("repeat_count");
        if !times.is_empty() {
            // Collect takes the number from a node of its own, which stands before the rows
            let node = format!("{path}_count");
            let _ = write!(self.instance, "<{name}_count/>");
            let said = xpath::parse(times).map(|e| self.expression(&e, None)).unwrap_or_default();
            let _ = write!(self.binds, "<bind nodeset=\"{node}\" type=\"int\" calculate=\"{said}\"/>");
            count = format!(" jr:count=\"{node}\" jr:noAddRemove=\"true()\"");
        }
        let _ = write!(self.instance, "<{name} jr:template=\"\">");
        self.bind(line, name, &path, "");
        let _ = write!(self.body, "<group ref=\"{path}\">");
        self.label(line, &path);
        let _ = write!(self.body, "<repeat nodeset=\"{path}\"{count}>");
    }

    fn question(&mut self, line: &Line, name: &str) {
        let path = self.path(name);
        let mut kind = line.cell("type").split_whitespace();
        let (word, list) = (kind.next().unwrap_or_default(), kind.next().unwrap_or_default());
        self.default(line, name, &path);
        let bound = match word {
            "integer" => "int",
            "decimal" => "decimal",
            "range" => "int",
            "date" | "time" | "dateTime" | "geopoint" | "barcode" => word,
            "image" | "audio" | "file" => "binary",
            "calculate" => match self.names.get(name).map(|k| k.kind) {
                Some(Kind::Number) => "decimal",
                Some(Kind::Date) => "date",
                _ => "string",
            },
            _ => "string",
        };
        self.bind(line, name, &path, bound);
        if word == "calculate" {
            return;
        }
        let look = attribute("appearance", line.cell("appearance"));
        let (open, close) = match word {
            "select_one" => (format!("<select1 ref=\"{path}\"{look}>"), "</select1>"),
            "select_multiple" => (format!("<select ref=\"{path}\"{look}>"), "</select>"),
            "image" => (format!("<upload mediatype=\"image/*\" ref=\"{path}\"{look}>"), "</upload>"),
            "file" => (format!("<upload mediatype=\"application/*\" ref=\"{path}\"{look}>"), "</upload>"),
            "range" => {
                let given = line.cell("parameters").split(' ').filter_map(|p| p.split_once('='));
                let given: String = given.map(|(k, v)| attribute(k, v)).collect();
                (format!("<range ref=\"{path}\"{given}{look}>"), "</range>")
            }
            _ => (format!("<input ref=\"{path}\"{look}>"), "</input>"),
        };
        self.body.push_str(&open);
        self.label(line, &path);
        if word.starts_with("select") {
            let filter = match xpath::parse(line.cell("choice_filter")) {
                Ok(expr) => format!("[{}]", self.filter(&expr, name)),
                Err(_) => String::new(),
            };
            let _ = write!(
                self.body,
                "<itemset nodeset=\"instance('{}')/root/item{filter}\"><value ref=\"name\"/><label ref=\"jr:itext(itextId)\"/></itemset>",
                escaped(list)
            );
        }
        self.body.push_str(close);
    }

    /// A plain default stands in the instance; one that is computed is set when the form, or the row, is begun.
    fn default(&mut self, line: &Line, name: &str, path: &str) {
        let source = line.cell("default");
        let computed = source.contains("${")
            || (source.contains('(') && source.ends_with(')'))
            || source.starts_with(['\'', '"']);
        if source.is_empty() || !computed {
            let _ = match source.is_empty() {
                true => write!(self.instance, "<{name}/>"),
                false => write!(self.instance, "<{name}>{}</{name}>", escaped(source)),
            };
            return;
        }
        let _ = write!(self.instance, "<{name}/>");
        let Ok(expr) = xpath::parse(source) else { return };
        let value = self.expression(&expr, Some(name));
        let row = self.nodes.get(name).is_some_and(|n| n.table.is_some());
        let event = if row { "odk-instance-first-load odk-new-repeat" } else { "odk-instance-first-load" };
        let set = format!("<setvalue event=\"{event}\" ref=\"{path}\" value=\"{value}\"/>");
        if row { self.body.push_str(&set) } else { self.values.push_str(&set) }
    }

    fn bind(&mut self, line: &Line, name: &str, path: &str, kind: &str) {
        let mut parts = attribute("type", kind);
        for (column, word) in [
            ("required", "required"),
            ("relevant", "relevant"),
            ("constraint", "constraint"),
            ("calculation", "calculate"),
        ] {
            let source = line.cell(column);
            let said = match source {
                "" => continue,
                "yes" => "true()".to_owned(),
                source => match xpath::parse(source) {
                    Ok(expr) => self.expression(&expr, Some(name)),
                    Err(_) => continue,
                },
            };
            let _ = write!(parts, " {word}=\"{said}\"");
        }
        if line.cell("type") == "note" {
            parts.push_str(" readonly=\"true()\"");
        }
        let message = line.text("constraint_message");
        if !line.cell("constraint").is_empty() && message.values().any(|t| !t.is_empty()) {
            let id = format!("{path}:jr:constraintMsg");
            self.text(&id, message);
            let _ = write!(parts, " jr:constraintMsg=\"jr:itext('{id}')\"");
        }
        if !parts.is_empty() {
            let _ = write!(self.binds, "<bind nodeset=\"{path}\"{parts}/>");
        }
    }

    fn label(&mut self, line: &Line, path: &str) {
        for (column, element) in [("label", "label"), ("hint", "hint")] {
            let text = line.text(column);
            if text.values().any(|t| !t.is_empty()) {
                let id = format!("{path}:{column}");
                self.text(&id, text);
                let _ = write!(self.body, "<{element} ref=\"jr:itext('{id}')\"/>");
            }
        }
    }

    fn text(&mut self, id: &str, text: &Text) {
        // every language has every text, if only in another language
        let any = text.values().find(|t| !t.is_empty()).cloned().unwrap_or_default();
        self.texts.entry(String::new()).or_default().push((id.to_owned(), any));
        for (language, said) in text {
            self.texts.entry(language.clone()).or_default().push((id.to_owned(), said.clone()));
        }
    }

    fn itext(&self, languages: &[String]) -> String {
        let mut out = String::from("<itext>");
        let nothing = vec![];
        let all = self.texts.get("").unwrap_or(&nothing);
        for (n, language) in languages.iter().enumerate() {
            let default = if n == 0 { " default=\"true()\"" } else { "" };
            let _ = write!(out, "<translation lang=\"{}\"{default}>", escaped(&language_heading(language)));
            let own: BTreeMap<&str, &str> = self
                .texts
                .get(language)
                .into_iter()
                .flatten()
                .map(|(id, text)| (id.as_str(), text.as_str()))
                .collect();
            for (id, any) in all {
                let said = own.get(id.as_str()).filter(|t| !t.is_empty()).copied().unwrap_or(any);
                let _ = write!(out, "<text id=\"{}\"><value>{}</value></text>", escaped(id), escaped(said));
            }
            out.push_str("</translation>");
        }
        out.push_str("</itext>");
        out
    }

    /// The lists of choices.
    fn lists(&mut self, choices: &[(String, Choice)]) -> String {
        let mut lists: BTreeMap<&str, String> = BTreeMap::new();
        for (n, (list, choice)) in choices.iter().enumerate() {
            let id = format!("choice-{n}");
            self.text(&id, &choice.label);
            let items = lists.entry(list).or_default();
            let under = choice.under.as_deref().map(|u| format!("<under>{}</under>", escaped(u)));
            let _ = write!(
                items,
                "<item><itextId>{id}</itextId><name>{}</name>{}</item>",
                escaped(&choice.value),
                under.unwrap_or_default()
            );
        }
        lists
            .into_iter()
            .map(|(list, items)| {
                format!("<instance id=\"{}\"><root>{items}</root></instance>", escaped(list))
            })
            .collect()
    }

    /// An expression with paths instead of `${…}`, as it stands at a question; escaped.
    fn expression(&self, expr: &Expr, at: Option<&str>) -> String {
        escaped(&xpath::written_with(expr, &|name| self.reference(name, at, "..")))
    }

    /// A choice filter: paths lead from the item, so those within the row begin at the question.
    fn filter(&self, expr: &Expr, at: &str) -> String {
        escaped(&xpath::written_with(expr, &|name| self.reference(name, Some(at), "current()/..")))
    }

    fn reference(&self, name: &str, at: Option<&str>, up: &str) -> String {
        let here = at.and_then(|a| self.nodes.get(a)).and_then(|n| n.table.as_ref());
        match self.nodes.get(name) {
            Some(node) if node.table.is_some() && node.table.as_ref() == here => format!("{up}/{name}"),
            Some(node) => node.path.clone(),
            None => name.to_owned(),
        }
    }
}

fn attribute(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(" {name}=\"{}\"", escaped(value)) }
}
