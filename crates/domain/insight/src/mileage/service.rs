//! The export of a person's month: the same readings, working time, visits and places the day report is computed from.

use base::{LocalDay, Problem};
use db::{Reader, Result, Scope};
use track::{
    Rules, Window,
    statement::{Export, ExportDay, ExportPlace, FORMAT, Person, Position, Statement},
};
use uuid::Uuid;

use super::{Month, sql};
use crate::{Insight, day};

/// Everything a person's month is made from, in canonical form. Whoever asks has checked that he may see the person, and has
/// written the ledger.
pub(crate) async fn export(
    insight: &Insight,
    tenant: Uuid,
    person: &org::Person,
    month: Month,
) -> Result<Export> {
    let now = insight.db().now();
    let zone = insight.tracking().zone(tenant).await?;
    let today = now.local_day(&zone);
    let mut reader = insight.db().read(&Scope::job("mileage", tenant)).await?;
    let company = org::company(&mut reader).await?;
    let purged = org::retention(&mut reader).await?.purged_before.is_some_and(|before| month.first < before);
    if purged || person.status == "erased" {
        return Err(Problem::new(EXPIRED));
    }
    let code = sql::code(&mut reader, person.id).await?;
    let told = org::duty_days(&mut reader, person.id, month.first, month.last.min(today)).await?;
    let mut counted = tracking::counted(&mut reader, person.id, month.first, month.last).await?;
    let mut days = vec![];
    for (day, told) in told {
        let counted = counted.remove(&day).unwrap_or_default();
        let made = one(&mut reader, person.id, day, &told, counted, (now, today)).await?;
        days.extend(made);
    }
    let export = Export {
        format: FORMAT.to_owned(),
        company: company.name,
        person: Person {
            id: person.id,
            name: person.name.clone(),
            code,
            department: person.department_name.clone(),
        },
        month: month.text(),
        time_zone: company.time_zone,
        rules: Rules::default(),
        days,
    };
    // sorting a month of readings is work for a thread of its own
    tokio::task::spawn_blocking(move || export.canonical()).await.map_err(Problem::internal)
}

base::problems! {
    /// Positions of the month have been deleted because of their age.
    EXPIRED = 410 "mileage.expired",
        zh "这个月的定位点已删除" / "定位点已过公司的保留期或已被抹除，里程单无法重算；月度合计仍在里程单列表里。",
        en "Positions of this month have been deleted" / "They were older than your company keeps them, or erased, so the statement cannot be made again; the sums of the month remain in the list.";
}

/// Makes the statement of an export.
pub(crate) async fn statement(export: Export) -> Result<Statement> {
    let made = tokio::task::spawn_blocking(move || track::statement::statement(export)).await;
    made.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// One day, `None` when there is nothing to tell of it.
async fn one(
    reader: &mut Reader,
    employee: Uuid,
    day: LocalDay,
    told: &org::DutyDay,
    counted: tracking::Counted,
    (now, today): (base::Micros, LocalDay),
) -> Result<Option<ExportDay>> {
    let given = day::given(reader, employee, day, told, now, today).await?;
    let readings = tracking::readings(reader, employee, day).await?;
    let until = given.anchors.until_ms.unwrap_or(i64::MAX);
    let cut = |w: &Window| Window::new(w.from_ms, w.to_ms.min(until));
    let passed = |windows: &[Window]| -> Vec<Window> {
        windows.iter().map(cut).filter(|w| w.from_ms < w.to_ms).collect()
    };
    let made = ExportDay {
        open: !given.over,
        duty: passed(&given.anchors.duty),
        leave: passed(&tracking::windows(&told.leave)),
        private: passed(&given.anchors.private),
        refused: counted.refused,
        removed: counted.removed.values().sum(),
        visits: given.anchors.visits,
        places: given.places.iter().filter_map(place).collect(),
        positions: tracking::reading::fixes(&readings).iter().map(Position::of).collect(),
        ..ExportDay::empty(day)
    };
    // Working time alone tells nothing: the person may not have been with the company, or not to be recorded.
    let nothing = ExportDay {
        open: made.open,
        duty: made.duty.clone(),
        places: made.places.clone(),
        ..ExportDay::empty(day)
    };
    Ok((given.before.is_some() || made != nothing).then_some(made))
}

fn place(p: &customers::Place) -> Option<ExportPlace> {
    let (lng_e7, lat_e7) = p.at?.e7();
    Some(ExportPlace { id: p.id, name: p.name.clone(), lng_e7, lat_e7, radius_m: p.radius_m })
}
