//! Punches: taken once, never changed, with their place only where it may be kept.

mod dropped;
mod sql;

use base::{LocalDay, Micros, Problem, problem};
use db::{Query, Result, Tx};
use geo::LngLat;
use org::roster::Book;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    OUTSIDE, PHOTO_NEEDED, REASON_NEEDED,
    day::PunchKind,
    load,
    place::{self, PunchFix, Reading, Spot},
    settings::{self, Outside, PunchRule, Within},
};

pub(crate) use dropped::sweep;
pub(crate) use sql::{PunchRow, erase_places, of_days, of_person, pictured};

/// A punch as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Punch {
    pub id: Uuid,
    pub kind: PunchKind,
    /// The phone's time, held between what is certain.
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// By the phone's own clock.
    #[schema(value_type = String, format = DateTime)]
    pub said_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Micros,
    /// Made without a network.
    pub offline: bool,
    /// phone or visit.
    pub source: String,
    /// in, out or cannot_tell; absent where no place is asked for, or none is kept.
    pub verdict: Option<String>,
    /// The expected place that fits best.
    pub place_name: Option<String>,
    pub distance_m: Option<i64>,
    pub radius_m: Option<i64>,
    pub accuracy_m: Option<i64>,
    #[schema(value_type = Option<Vec<f64>>)]
    pub position: Option<LngLat>,
    /// kept, none (the phone had no position), off_duty, private or policy_off: why there is no place.
    pub place: String,
    pub reason: Option<String>,
    /// The picture taken with it.
    pub photo_id: Option<Uuid>,
}

/// A punch as a phone sends it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPunch {
    pub punch_id: Uuid,
    pub kind: PunchKind,
    pub fix: Option<PunchFix>,
    #[serde(default)]
    pub offline: bool,
    pub reason: Option<String>,
    /// A file of his: the picture taken with it.
    pub photo_id: Option<Uuid>,
    /// A word of the server: what carries it was made later.
    pub nonce: Option<String>,
}

/// When a punch was made.
#[derive(Debug, Clone, Copy)]
pub struct PunchWhen {
    /// By the phone.
    pub said_at: Micros,
    pub not_before: Option<Micros>,
}

/// What is written of a punch.
pub(crate) struct Written<'a> {
    pub id: Uuid,
    pub person: Uuid,
    pub department: Uuid,
    pub day: LocalDay,
    pub kind: PunchKind,
    pub at: Micros,
    pub said_at: Micros,
    pub offline: bool,
    pub source: &'a str,
    pub fix: Option<PunchFix>,
    pub reading: Option<Reading>,
    pub place: &'a str,
    pub reason: Option<&'a str>,
    pub photo: Option<Uuid>,
    /// A picture nobody may have.
    pub dropped: Option<Uuid>,
}

/// May the place of this moment be kept, and if not, why? Working time and a window around it; never on a private trip.
async fn keeps_place(
    q: &mut impl Query,
    person: Uuid,
    at: Micros,
    window_minutes: i64,
) -> Result<&'static str> {
    if org::policy_of(q, person).await?.is_none_or(|p| p.mode == "off") {
        return Ok("policy_off");
    }
    let (zone, window) = (org::zone(q).await?, window_minutes * Micros::MINUTE);
    let (first, last) = (at.plus(-window).local_day(&zone), at.plus(window).local_day(&zone));
    let days = org::duty_days(q, person, first, last).await?;
    let near = |d: &org::Duty| d.from.plus(-window) <= at && at <= d.to.plus(window);
    if days.values().any(|d| d.private.iter().any(|p| p.from <= at && at <= p.to)) {
        return Ok("private");
    }
    Ok(if days.values().any(|d| d.working.iter().any(near)) { "kept" } else { "off_duty" })
}

/// Where punches of the acting person are expected.
pub(crate) async fn spots(q: &mut impl Query, rule: &PunchRule, departments: &[Uuid]) -> Result<Vec<Spot>> {
    if rule.within == Within::Anywhere {
        return Ok(vec![]);
    }
    let open = |d: &Option<org::Ref>| d.as_ref().is_none_or(|d| departments.contains(&d.id));
    let places = settings::places(q).await?.into_iter().filter(|p| !p.retired && open(&p.department));
    let mut spots: Vec<Spot> =
        places.map(|p| Spot { name: p.name, at: p.at, radius_m: p.radius_m }).collect();
    if rule.within == Within::Customers {
        let own = customers::for_field(q, &[]).await?;
        spots.extend(
            own.into_iter().filter_map(|c| Some(Spot { name: c.name, at: c.at?, radius_m: c.radius_m })),
        );
    }
    Ok(spots)
}

/// What arrives so much later was made without a network, whatever the phone says.
const LATE: i64 = 2 * Micros::MINUTE;

/// Takes a punch of the acting person. The same id with the same content changes nothing.
///
/// # Errors
/// `attendance.outside` and `attendance.reason_needed` by the rule, when there was a network to hear of it;
/// `sync.conflict` for an id that is another punch's.
pub async fn punch(tx: &mut Tx, new: NewPunch, when: PunchWhen) -> Result<()> {
    let me = tx.scope_actor();
    let mut checks = api::Checks::new();
    checks.that("fix", new.fix.as_ref().is_none_or(PunchFix::is_sound)).at_most(
        "reason",
        new.reason.as_deref(),
        200,
    );
    checks.done()?;
    let now = tx.now();
    let at = Micros(when.said_at.0.clamp(when.not_before.map_or(0, |t| t.0).min(now.0), now.0));
    let offline = new.offline || now.0 - when.said_at.0 > LATE;
    let person = org::person(tx, me).await?;
    let zone = org::zone(tx).await?;
    let around = at.local_day(&zone);
    let book = Book::read(tx, Some(me), around.plus_days(-1), around.plus_days(2)).await?;
    let chain = book.departments(me);
    let departments = if chain.is_empty() { vec![person.department_id] } else { chain };
    let rule = settings::rule_of(tx, &departments).await?;
    // A position of another moment says nothing of this one, and might be of one nobody may know.
    let sent = new.fix.filter(|f| (f.t.0 - when.said_at.0).abs() <= place::STALE);
    let place = match sent {
        None => "none",
        Some(_) => keeps_place(tx, me, at, rule.window_minutes).await?,
    };
    let fix = sent.filter(|_| place == "kept");
    let spots = spots(tx, &rule, &departments).await?;
    let reading = (rule.within != Within::Anywhere && matches!(place, "kept" | "none"))
        .then(|| place::read(fix.as_ref(), at, &spots));
    let reason = new.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    // What was recorded without a network is taken and shown without one.
    if rule.photo && new.photo_id.is_none() && !offline {
        return Err(Problem::new(PHOTO_NEEDED).field("photo_id", problem::REQUIRED));
    }
    // Where somebody is outside his working time a picture tells as well as a position.
    let (photo, dropped) = match new.photo_id {
        Some(id) if keeps_place(tx, me, at, rule.window_minutes).await? != "kept" => (None, Some(id)),
        photo => (photo, None),
    };
    if let Some(r) = reading.as_ref().filter(|r| r.verdict == "out" && !offline) {
        outside(&rule, r, reason)?;
    }
    let written = Written {
        id: new.punch_id,
        person: me,
        department: person.department_id,
        day: load::day_at(&book, me, at, &zone),
        kind: new.kind,
        at,
        said_at: when.said_at,
        offline,
        source: "phone",
        fix,
        reading,
        place,
        reason,
        photo,
        dropped,
    };
    store(tx, &written).await
}

fn outside(rule: &PunchRule, reading: &Reading, reason: Option<&str>) -> Result<()> {
    match rule.outside {
        Outside::Refuse => {
            let name = reading.spot.as_ref().map_or("", |s| s.0.as_str());
            let far = reading.distance_m.unwrap_or_default();
            Err(Problem::new(OUTSIDE).with("place", name).with("distance", far))
        }
        Outside::Reason if reason.is_none() => {
            Err(Problem::new(REASON_NEEDED).field("reason", problem::REQUIRED))
        }
        _ => Ok(()),
    }
}

async fn store(tx: &mut Tx, w: &Written<'_>) -> Result<()> {
    if !sql::insert(tx, w).await? {
        let known = sql::known(tx, w.id).await?;
        let same = known
            .is_some_and(|k| k.employee_id == w.person && k.kind == w.kind.key() && k.said_at == w.said_at);
        return if same { Ok(()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let said =
        json!({ "employee": w.person, "kind": w.kind, "at": w.at, "offline": w.offline, "source": w.source });
    tx.audit("punch.take", "punch", w.id, said).await
}

/// The first check-in of a day as its first punch, where the rule says so: at the time the visit has. The place stays with it.
///
/// # Errors
/// When the store cannot be written.
pub async fn visit_check_in(
    tx: &mut Tx,
    visit: Uuid,
    said_at: Micros,
    at: Micros,
    offline: bool,
) -> Result<()> {
    let me = tx.scope_actor();
    let zone = org::zone(tx).await?;
    let around = at.local_day(&zone);
    let book = Book::read(tx, Some(me), around.plus_days(-1), around.plus_days(2)).await?;
    let rule = settings::rule_of(tx, &book.departments(me)).await?;
    if !rule.visit_counts {
        return Ok(());
    }
    let day = load::day_at(&book, me, at, &zone);
    let known = sql::of_person(tx, me, day, day).await?;
    if known.iter().any(|p| p.kind == "in" && p.at <= at) {
        return Ok(());
    }
    let person = org::person(tx, me).await?;
    let written = Written {
        id: base::id::derived(visit, "punch"),
        person: me,
        department: person.department_id,
        day,
        kind: PunchKind::In,
        at,
        said_at,
        offline,
        source: "visit",
        fix: None,
        reading: None,
        place: "none",
        reason: None,
        photo: None,
        dropped: None,
    };
    store(tx, &written).await
}

/// Was the position of a punch kept?
///
/// # Errors
/// When the store cannot be read.
pub async fn keeps_position(q: &mut impl Query, punch: Uuid) -> Result<bool> {
    Ok(sql::known(q, punch).await?.is_some_and(|k| k.place == "kept"))
}

/// A punch with its place, for whoever may see it.
pub(crate) fn shown(row: PunchRow) -> Punch {
    Punch {
        id: row.id,
        kind: PunchKind::from_key(&row.kind),
        at: row.at,
        said_at: row.said_at,
        received_at: row.received_at,
        offline: row.offline,
        source: row.source,
        verdict: row.verdict,
        place_name: row.place_name,
        distance_m: row.distance_m,
        radius_m: row.radius_m,
        accuracy_m: row.accuracy_m,
        position: row.lng.zip(row.lat).and_then(|(lng, lat)| LngLat::from_e7(lng, lat).ok()),
        place: row.place,
        reason: row.reason,
        photo_id: row.photo_id,
    }
}
