//! What kind of answer each row asks for.

use super::Item;
use crate::{
    names::{Kind, Names, Scope},
    to_cel, xpath,
};

/// The kind of a row by its type; nothing when there is no such question here.
pub fn kind_of(item: &Item<'_>) -> Option<Kind> {
    let own = item.row.get("tashi_type");
    let is = |word: &str| own.split_whitespace().any(|w| w == word);
    Some(match item.kind.as_str() {
        "text" | "string" | "barcode" | "hidden" => Kind::Text,
        "integer" | "int" | "decimal" | "range" | "rating" => Kind::Number,
        "select_one" if is("yes_no") => Kind::YesNo,
        "select_one" | "acknowledge" | "trigger" => Kind::Choice,
        "select_multiple" => Kind::Choices,
        "date" | "today" => Kind::Date,
        "datetime" | "date_time" | "time_stamp" => Kind::DateTime,
        "time" => Kind::Time,
        "geopoint" | "location" => Kind::Place,
        "image" | "photo" if signed(item) => Kind::Text,
        "image" | "photo" | "file" => Kind::Files,
        "audio" => Kind::Text,
        "note" => Kind::Note,
        "begin_repeat" => Kind::Table,
        // what it is shows when its formula is read
        "calculate" => ["number", "date", "yes_no"]
            .iter()
            .zip([Kind::Number, Kind::Date, Kind::YesNo])
            .find(|(word, _)| is(word))
            .map_or(Kind::Text, |(_, kind)| kind),
        _ => return None,
    })
}

/// A picture that is drawn as a signature.
pub fn signed(item: &Item<'_>) -> bool {
    item.row.get("appearance").split_whitespace().any(|w| w == "signature")
}

/// Finds the kinds of computed values by reading their formulas, as often as one waits for another.
pub fn infer(items: &[Item<'_>], names: &mut Names) {
    let open: Vec<&Item<'_>> =
        items.iter().filter(|i| i.kind == "calculate" && i.row.get("tashi_type").is_empty()).collect();
    for _ in 0..10 {
        let mut changed = false;
        for item in &open {
            let Ok(expr) = xpath::parse(item.row.get("calculation")) else { continue };
            let scope = Scope { names, table: item.table.as_deref(), own: None };
            let kind = match to_cel::value(&expr, scope) {
                Ok((_, kind @ (Kind::Number | Kind::Date | Kind::YesNo))) => kind,
                _ => Kind::Text,
            };
            if let Some(known) = names.get_mut(&item.name).filter(|k| k.kind != kind) {
                known.kind = kind;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}
