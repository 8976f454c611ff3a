//! The month of people: a cell a day, and what it sums to. The file is made from the same rows as the screen.

mod export;
mod http;
mod totals;

use std::collections::BTreeMap;

use base::{LocalDay, Micros, problem::Lang};
use db::{Query, Result};
use org::Ref;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub(crate) use http::routes;
pub(crate) use totals::Totals;

use crate::{
    day::Outcome,
    label::{Names, Tone, label},
    load::Loaded,
    months::{self, AttendanceMonth, Month},
    settings::{self, LeaveType},
};

/// One day of one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetCell {
    #[schema(value_type = String, format = Date)]
    pub day: LocalDay,
    /// As it stands in the file too; empty for what is to come.
    pub label: String,
    pub tone: Tone,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetRow {
    pub employee: Ref,
    pub department: Ref,
    pub cells: Vec<SheetCell>,
    /// In the order of the sheet's columns, as they stand in the file too.
    pub totals: Vec<String>,
    /// Something was late, early, missing or absent.
    pub marked: bool,
}

/// A column of the sheet's sums.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SheetColumn {
    pub key: String,
    pub label: String,
}

/// A month of people in reach.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AttendanceSheet)]
pub struct Sheet {
    pub standing: AttendanceMonth,
    #[schema(value_type = Vec<String>)]
    pub days: Vec<LocalDay>,
    pub columns: Vec<SheetColumn>,
    pub rows: Vec<SheetRow>,
}

/// What is asked of a sheet.
pub struct Asked {
    pub month: Month,
    pub department: Option<Uuid>,
    /// Only people with something late, early, missing or absent.
    pub marked: bool,
}

pub fn names(types: &[LeaveType], lang: Lang) -> Names {
    let name = |t: &LeaveType| if lang == Lang::Zh { t.name.clone() } else { t.name_en.clone() };
    types.iter().map(|t| (t.id, name(t))).collect()
}

/// Days of a person from a closed month, else computed.
pub fn days(
    kept: Option<&BTreeMap<LocalDay, Outcome>>,
    loaded: &Loaded,
    person: Uuid,
    month: Month,
) -> Vec<(LocalDay, Outcome)> {
    let one = |day| kept.and_then(|k| k.get(&day)).cloned().unwrap_or_else(|| loaded.outcome(person, day));
    month.days().into_iter().map(|day| (day, one(day))).collect()
}

/// Computes a sheet of people in reach.
///
/// # Errors
/// When the store cannot be read.
pub async fn sheet(q: &mut impl Query, asked: &Asked, now: Micros, lang: Lang) -> Result<Sheet> {
    let month = asked.month;
    let standing = months::standing(q, month).await?;
    let since = month.first.at_minute(0, &org::zone(q).await?);
    let people = org::people_since(q, asked.department, since).await?;
    let types = settings::leave_types(q).await?;
    let names = names(&types, lang);
    let kept = if standing.closed { months::kept(q, month).await? } else { BTreeMap::new() };
    let loaded = Loaded::read(q, None, month.first, month.last, now).await?;
    let mut all = vec![];
    for person in people {
        let days = days(kept.get(&person.id), &loaded, person.id, month);
        let totals = Totals::of(days.iter().map(|(_, o)| o));
        all.push((person, days, totals));
    }
    let used: Vec<&LeaveType> = types
        .iter()
        .filter(|t| !t.retired || all.iter().any(|(_, _, s)| s.leave_of(Some(t.id)) > 0))
        .collect();
    let columns = totals::columns(&used, &names, lang);
    let rows = all.into_iter().map(|(person, days, totals)| {
        let cell = |(day, o): (LocalDay, Outcome)| {
            let (label, tone) = label(&o, &names, lang);
            SheetCell { day, label, tone }
        };
        SheetRow {
            marked: totals.marked(),
            totals: totals.texts(&used),
            employee: Ref { id: person.id, name: person.name },
            department: Ref { id: person.department_id, name: person.department_name },
            cells: days.into_iter().map(cell).collect(),
        }
    });
    let rows = rows.filter(|r| !asked.marked || r.marked).collect();
    Ok(Sheet { standing, days: month.days(), columns, rows })
}
